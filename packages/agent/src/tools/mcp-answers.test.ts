import { describe, expect, it } from '@jest/globals';
import { HELLO, mcpFixture } from '../testing/mcp-fixture.js';
import type { Answer } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';
import { mcpTool } from './mcp.js';

// What servers outside the official SDKs send, over real HTTP.

const { serveByHand, environment, open } = mcpFixture();
const inputSchema = { type: 'object' };
interface Refusal {
  status: number;
  error: object;
}
type Result = object | Refusal | null;
type OnRequest = (
  method: string,
  params: Record<string, unknown>,
  headers: Record<string, unknown>,
) => Result;

/** A server by hand; `raw` results are written as they are. */
const wire =
  (onRequest: OnRequest, { asEvents = false } = {}): Answer =>
  ({ method: verb, body, headers }, response) => {
    if (verb !== 'POST') return void response.writeHead(405).end();
    const { id, method, params } = JSON.parse(body);
    if (id === undefined) return void response.writeHead(202).end();
    const result = onRequest(method, params ?? {}, headers) ?? (method === 'initialize' ? HELLO : {});
    if ('status' in result) {
      const { status, error } = result as Refusal;
      return void response.writeHead(status).end(JSON.stringify(error));
    }
    if (method === 'initialize') response.setHeader('mcp-session-id', `s${Math.random()}`);
    const text = 'raw' in result ? String(result.raw) : JSON.stringify(result);
    const message = `{"jsonrpc":"2.0","id":${id},"result":${text}}`;
    if (asEvents) {
      const events = `: hello\n\nevent: message\ndata: ${message.slice(0, 17)}\ndata: ${message.slice(17)}\n\n`;
      return void response.setHeader('content-type', 'text/event-stream').end(events);
    }
    return void response.setHeader('content-type', 'application/json').end(message);
  };

const serve = async (onRequest: OnRequest, options = {}) =>
  `${await serveByHand(wire(onRequest, options))}/mcp`;
/** A server with one tool `t` that answers a call with `result`. */
const answering = (result: Result, options = {}) =>
  serve(
    (method) =>
      method === 'tools/list'
        ? { tools: [{ name: 't', inputSchema }] }
        : method === 'tools/call'
          ? result
          : null,
    options,
  );

const notedEnvironment = () => {
  const notes: string[] = [];
  return { notes, env: environment({ note: async (text) => void notes.push(text) }) };
};

describe('an MCP server', () => {
  it('may send null for what it leaves out, and say too little of itself', async () => {
    const url = await serve((method) => {
      if (method === 'initialize')
        return { protocolVersion: '2025-06-18', capabilities: null, serverInfo: null, instructions: null };
      if (method === 'tools/call')
        return {
          content: [{ type: 'text', text: 'ok', annotations: null, _meta: null }],
          isError: null,
          structuredContent: null,
        };
      const tool = {
        name: 't',
        title: null,
        description: null,
        inputSchema: null,
        outputSchema: null,
        annotations: null,
        _meta: null,
      };
      return {
        tools: [tool, { name: 'php', inputSchema: { type: 'object', properties: [], required: null } }],
        nextCursor: null,
      };
    });
    const opened = await open({ url });
    expect(opened.tools).toMatchObject([
      { name: 'srv_t', description: 't', parameters: { type: 'object' } },
      { name: 'srv_php', parameters: { type: 'object' } },
    ]);
    expect(await caller(opened)('srv_t', {})).toBe('ok');
  });

  it.each([
    ['no object', 'text'],
    ['another type', { type: 'string' }],
    ['an unknown type', { type: 'object', properties: { a: { type: 'strin' } } }],
    ['no schema for a property', { type: 'object', properties: { a: { properties: { b: 'string' } } } }],
    ['properties as a list', { type: 'object', properties: [{ name: 'a' }] }],
    ['required as a flag', { type: 'object', properties: { a: { type: 'string' } }, required: true }],
    ['anyOf as an object', { type: 'object', anyOf: {} }],
  ])('loses one tool whose schema has %s, not the others', async (_what, schema) => {
    const names = ['a', 'b', 'c', 'd'];
    const url = await serve((method) =>
      method === 'tools/list'
        ? { tools: [{ name: 'bad', inputSchema: schema }, ...names.map((name) => ({ name, inputSchema }))] }
        : null,
    );
    const { notes, env } = notedEnvironment();
    const { tools } = await open({ url }, mcpTool, env);
    expect(tools.map(({ name }) => name)).toEqual(names.map((name) => `srv_${name}`));
    expect(notes).toEqual([
      expect.stringMatching(/^Not offered to the model: bad \(its (inputS|s)chema .*"srv"/),
    ]);
  });

  it('loses a tool that is only called as a task', async () => {
    const tools = ['required', 'optional'].map((taskSupport) => ({
      name: taskSupport,
      inputSchema,
      execution: { taskSupport },
    }));
    const url = await serve((method) => (method === 'tools/list' ? { tools } : null));
    const { notes, env } = notedEnvironment();
    const opened = await open({ url }, mcpTool, env);
    expect(opened.tools.map(({ name }) => name)).toEqual(['srv_optional']);
    expect(notes).toEqual([
      expect.stringMatching(/^Not offered to the model: required \(it can only be called/),
    ]);
  });

  it('may list its tools on many pages', async () => {
    const url = await serve((method, { cursor = '0' }) => {
      if (method !== 'tools/list') return null;
      const page = Number(cursor);
      return { tools: [{ name: `t${page}`, inputSchema }], nextCursor: page < 59 ? String(page + 1) : '' };
    });
    expect((await open({ url })).tools).toHaveLength(60);
  });

  it('that lacks an allowed tool is said in the run', async () => {
    const url = await answering({});
    const { notes, env } = notedEnvironment();
    const { tools } = await open({ url, allowed_tools: ['t', 'gone'] }, mcpTool, env);
    expect(tools.map(({ name }) => name)).toEqual(['srv_t']);
    expect(notes).toEqual([
      'The server of the MCP tool "srv" does not list gone, which allowed_tools names.',
    ]);
  });

  it('may answer an id as text, with a null error, or fail with an error of any shape', async () => {
    let answer: object = {};
    const url = `${await serveByHand(({ method: verb, body }, response) => {
      if (verb !== 'POST') return void response.writeHead(405).end();
      const { id, method } = JSON.parse(body);
      if (id === undefined) return void response.writeHead(202).end();
      if (method === 'initialize') return { jsonrpc: '2.0', id, result: HELLO, error: null };
      if (method === 'tools/list') return { id: String(id), result: { tools: [{ name: 't', inputSchema }] } };
      return { jsonrpc: '2.0', id, ...answer };
    })}/mcp`;
    const call = caller(await open({ url }));
    answer = { result: { content: 'plain' } };
    expect(await call('srv_t', {})).toBe('plain');
    answer = { error: 'out of paper' };
    await expect(call('srv_t', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('out of paper'),
    });
    answer = { error: { code: 'E7', message: 'no ink' } };
    await expect(call('srv_t', {})).rejects.toMatchObject({ message: expect.stringContaining('no ink') });
  });
});

describe('a list of tools', () => {
  it('ends where its cursor repeats', async () => {
    let pages = 0;
    const url = await serve((method) => {
      if (method !== 'tools/list') return null;
      pages++;
      return { tools: [{ name: 't', inputSchema }], nextCursor: 'again' };
    });
    expect((await open({ url })).tools).toHaveLength(1);
    expect(pages).toBe(2);
  });

  it('may have numbers as cursors', async () => {
    const url = await serve((method, { cursor }) => {
      if (method !== 'tools/list') return null;
      return cursor === '5'
        ? { tools: [{ name: 'u', inputSchema }], nextCursor: null }
        : { tools: [{ name: 't', inputSchema }], nextCursor: 5 };
    });
    expect((await open({ url })).tools.map(({ name }) => name)).toEqual(['srv_t', 'srv_u']);
  });

  it('of a server of the older transport says so', async () => {
    const url = `${await serveByHand((_, response) => void response.writeHead(405).end())}/sse`;
    await expect(open({ url })).rejects.toThrow('may be `sse`');
  });
});

describe.each([{ asEvents: false }, { asEvents: true }])('a result (%j)', (options) => {
  const text = (value: string) => [{ type: 'text', text: value }];
  it.each<[string, Result, unknown]>([
    [
      'text beside empty structured content',
      { content: text('real text'), structuredContent: {} },
      'real text',
    ],
    ['text that says the same', { content: text('{"a": 1}'), structuredContent: { a: 1 } }, { a: 1 }],
    ['a wrapped text', { content: text('hi'), structuredContent: { result: 'hi' } }, { result: 'hi' }],
    [
      'other text beside structured content',
      { content: text('2 of 9 shown'), structuredContent: { a: 1 } },
      { structured_content: { a: 1 }, content: '2 of 9 shown' },
    ],
    ['nothing', { content: [] }, ''],
    ['fields of its own', { answer: 42 }, { answer: 42 }],
    [
      'sound, pictures, links and what is not known',
      {
        content: [
          { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
          { type: 'image', data: 'not base64!', mimeType: 'image/png' },
          {
            type: 'resource_link',
            uri: 'db://1',
            title: 'Rows',
            mimeType: 'text/csv',
            description: 'All rows.',
          },
          { type: 'resource_link', uri: 'db://2' },
          { type: 'hologram', depth: 3 },
          'bare',
          null,
        ],
      },
      '[audio audio/wav, 3 bytes]\n[image image/png, 8 bytes]\n[link db://1, Rows, text/csv: All rows.]\n' +
        '[link db://2, of unknown type]\n' +
        '[content of the unknown type "hologram": {"type":"hologram","depth":3}]\nbare\n' +
        '[content that is not MCP: null]',
    ],
  ])('keeps %s', async (_what, result, told) => {
    const url = await answering(result, options);
    expect(await caller(await open({ url }))('srv_t', {})).toEqual(told);
  });

  it('keeps the digits of its numbers', async () => {
    const url = await answering({ raw: '{"structuredContent":{"id":1915883588174806058}}' }, options);
    expect(JSON.stringify(await caller(await open({ url }))('srv_t', {}))).toBe('{"id":1915883588174806058}');
  });
});

describe('a session that ends', () => {
  /** A server that knows the sessions since its last restart. */
  const restarting = (refusal: { status: number; error: object }) => {
    const seen = { calls: 0, hellos: 0 };
    let isNew = true;
    let tool = { name: 't', inputSchema, description: 'First.' };
    const onRequest: OnRequest = (method) => {
      if (method === 'initialize') {
        seen.hellos += 1;
        isNew = true;
        return null;
      }
      if (!isNew) return refusal;
      if (method === 'tools/list') return { tools: [tool] };
      seen.calls += 1;
      return { content: [{ type: 'text', text: `call ${seen.calls}` }] };
    };
    return {
      seen,
      onRequest,
      restart: () => {
        isNew = false;
      },
      change: () => {
        tool = { ...tool, description: 'Other.' };
      },
    };
  };
  const error = (message: string) => ({ jsonrpc: '2.0', id: null, error: { code: -32_001, message } });

  it.each([
    { status: 404, error: error('Session not found') },
    { status: 404, error: { detail: 'gone' } },
    { status: 400, error: error('Bad Request: No valid session ID provided') },
  ])('begins again once, also for parallel calls: %j', async (refusal) => {
    const { seen, onRequest, restart } = restarting(refusal);
    const call = caller(await open({ url: await serve(onRequest) }));
    expect(await call('srv_t', {})).toBe('call 1');
    restart();
    const both = await Promise.all([call('srv_t', {}), call('srv_t', {})]);
    expect(both.sort()).toEqual(['call 2', 'call 3']);
    restart();
    expect(await call('srv_t', {})).toBe('call 4');
    expect(seen).toEqual({ calls: 4, hellos: 3 });
  });

  it('does not begin again and again', async () => {
    let hellos = 0;
    const url = await serve((method) => {
      if (method === 'initialize') hellos += 1;
      if (method === 'tools/list') return { tools: [{ name: 't', inputSchema }] };
      return method === 'tools/call' ? { status: 404, error: {} } : null;
    });
    await expect(caller(await open({ url }))('srv_t', {})).rejects.toMatchObject({ name: 'ToolError' });
    expect(hellos).toBe(2);
  });

  it('does not go on with a tool that has changed', async () => {
    const { seen, onRequest, restart, change } = restarting({ status: 404, error: {} });
    const call = caller(await open({ url: await serve(onRequest) }));
    restart();
    change();
    await expect(call('srv_t', {})).rejects.toThrow('missing or has changed');
    expect(seen.calls).toBe(0);
  });
});
