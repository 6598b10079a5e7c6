import type { HeldTool, McpTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type Register, startMcpServer, type TestMcpServer } from '../testing/mcp-server.js';
import { type Answer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { createMcpTool, mcpTool } from './mcp.js';
import type { OpenedTools } from './tool.js';

const KEY = 'mcp-key-4711-abcdef';

let egress: Egress;
const closing: (() => Promise<unknown> | undefined)[] = [];

beforeEach(() => {
  egress = createEgress({ allow: ['127.0.0.1'] });
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await egress.close();
  // An unhandled rejection fails the test that Jest is still in.
  await new Promise((resolve) => setTimeout(resolve, 50));
});

const tools: Register = (server, die) => {
  server.registerTool(
    'add',
    {
      description: 'Adds.',
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
    },
    ({ a, b }) => ({
      content: [{ type: 'text', text: 'see the structure' }],
      structuredContent: { sum: a + b },
    }),
  );
  server.registerTool('mixed', { description: 'x'.repeat(5_000) }, () => ({
    content: [
      { type: 'text', text: `the key is ${KEY}` },
      { type: 'image', data: Buffer.from('12345').toString('base64'), mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'file:///a.txt', text: 'inside' } },
      { type: 'resource', resource: { uri: 'file:///b.bin', blob: 'AAAA', mimeType: 'application/x-b' } },
      { type: 'resource_link', uri: 'https://example.com/c', name: 'c' },
    ],
  }));
  server.registerTool('fail.now', {}, () => ({
    isError: true,
    content: [{ type: 'text', text: `no such ticket (${KEY})` }],
  }));
  server.registerTool('die', {}, async () => {
    await die();
    return { content: [] };
  });
  server.registerTool('hang', {}, () => new Promise(() => {}));
};

async function serve(transport: 'http' | 'sse', register: Register = tools): Promise<TestMcpServer> {
  const server = await startMcpServer(transport, register);
  closing.push(server.close);
  return server;
}

async function open(config: Partial<McpTool> & { url: string }, kind = mcpTool): Promise<OpenedTools> {
  const opened = await kind.open(
    { type: 'mcp', name: 'srv', ...config },
    toolEnvironment({ egress, secrets: { key: KEY } }),
    { signal: new AbortController().signal },
  );
  closing.push(() => opened.close?.());
  return opened;
}

describe.each(['http', 'sse'] as const)('an MCP server over %s', (transport) => {
  it('offers its tools by prefixed, valid names, with its own schemas and short descriptions', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport });
    expect(opened.tools.map(({ name }) => name)).toEqual([
      ...['srv_add', 'srv_mixed', 'srv_fail_now', 'srv_die', 'srv_hang'],
    ]);
    expect(opened.tools[0]).toMatchObject({
      description: 'Adds.',
      repeat_safe: false,
      parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a', 'b'] },
    });
    expect(opened.tools[1]?.description).toHaveLength(2_000);
  });

  it('returns structured content, texts, and everything else by type and size, without secrets', async () => {
    const { url, headers } = await serve(transport);
    const call = caller(await open({ url, transport, headers: { 'X-Key': '{{ secrets.key }}' } }));
    expect(await call('srv_add', { a: 2, b: 3 })).toEqual({ sum: 5 });
    expect(await call('srv_mixed', {})).toBe(
      'the key is [redacted]\n[image image/png, 5 bytes]\n[file file:///a.txt]\ninside\n' +
        '[file file:///b.bin, application/x-b, 3 bytes]\n[link https://example.com/c, c, of unknown type]',
    );
    expect(new Set(headers.map((each) => each['x-key']))).toEqual(new Set([KEY]));
  });

  it('offers only the allowed tools', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport, allowed_tools: ['fail.now', 'gone'], repeat_safe: true });
    expect(opened.tools.map(({ name, repeat_safe }) => [name, repeat_safe])).toEqual([
      ['srv_fail_now', true],
    ]);
  });

  it("throws the server's own error, without secrets", async () => {
    const { url } = await serve(transport);
    const call = caller(await open({ url, transport }));
    await expect(call('srv_fail_now', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: 'no such ticket ([redacted])',
    });
    await expect(call('srv_add', { a: 'two' })).rejects.toMatchObject({ name: 'ToolError' });
  });

  it('reports at once that a server died during a call, and still closes', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport });
    const started = Date.now();
    await expect(caller(opened)('srv_die', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(/connection/),
    });
    await expect(caller(opened)('srv_add', { a: 1, b: 2 })).rejects.toMatchObject({ name: 'ToolError' });
    await opened.close?.();
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('gives up on a call that hangs, and can be called again', async () => {
    const { url } = await serve(transport);
    const call = caller(await open({ url, transport }, createMcpTool({ open_ms: 5_000, call_ms: 300 })));
    await expect(call('srv_hang', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('did not answer within 0.3 seconds'),
    });
    expect(await call('srv_add', { a: 1, b: 1 })).toEqual({ sum: 2 });
  });

  it('stops with the run', async () => {
    const { url } = await serve(transport);
    const run = new AbortController();
    const call = caller(await open({ url, transport }))('srv_hang', {}, run.signal);
    setTimeout(() => run.abort(new Error('cancelled')), 100);
    await expect(call).rejects.toThrow('cancelled');
  });

  it.each<[string, Answer]>([
    ['hangs', () => undefined],
    ['sends no MCP', (_, response) => response.end('<html>')],
    [
      'sends bad JSON',
      (_, response) => response.setHeader('content-type', 'application/json').end('{"jsonrpc"'),
    ],
    [
      'sends rubbish as events and hangs up',
      (_, response) =>
        response.setHeader('content-type', 'text/event-stream').end('data: {"a"\n\ndata: 7\n\nevent'),
    ],
    ['refuses', (_, response) => response.writeHead(401).end(`who are you? not ${KEY}`)],
    ['breaks the connection', (_, response) => response.destroy()],
  ])('cannot be opened if it %s', async (_name, answer) => {
    const server = await startRecordingServer(answer);
    closing.push(server.close);
    const failure = open(
      { url: `${server.url}/mcp`, transport },
      createMcpTool({ open_ms: 500, call_ms: 500 }),
    );
    const error = await failure.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'ToolError' });
    expect((error as Error).message).not.toContain(KEY);
  });

  it('cannot be opened if the way out is closed', async () => {
    await expect(open({ url: 'http://169.254.169.254/mcp', transport })).rejects.toMatchObject({
      name: 'ToolError',
    });
  });
});

/** Streamable HTTP by hand: the handshake, then what a test sends. */
const wire =
  (onCall: (id: number, method: string) => object | string | undefined): Answer =>
  ({ method: verb, body }, response) => {
    if (verb !== 'POST') return void response.writeHead(405).end();
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    const serverInfo = { name: 'by hand', version: '1' };
    const hello = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo };
    const result = method === 'initialize' ? hello : onCall(id, method);
    if (typeof result === 'object') return { jsonrpc: '2.0', id, result };
    response.setHeader('content-type', 'text/event-stream').write(result ?? ': nothing\n\n');
    if (result === undefined) response.end();
    return undefined;
  };

async function serveByHand(answer: Answer): Promise<string> {
  const server = await startRecordingServer(answer);
  closing.push(server.close);
  return `${server.url}/mcp`;
}

describe('the pin of an MCP server', () => {
  const envOf = (held: HeldTool[]) => {
    const checked: unknown[] = [];
    const notes: string[] = [];
    const env = toolEnvironment({
      egress,
      secrets: { key: KEY },
      pins: {
        check: async ({ name, url }, offered) => {
          checked.push({ name, url, offered });
          return held;
        },
      },
      note: async (text) => void notes.push(text),
    });
    return { env, checked, notes };
  };
  const openIn = async (env: ReturnType<typeof toolEnvironment>, config: McpTool) => {
    const opened = await mcpTool.open(config, env, { signal: new AbortController().signal });
    closing.push(() => opened.close?.());
    return opened.tools.map(({ name }) => name);
  };

  it('receives what the model would see; held-back tools are noted and not offered', async () => {
    const { url } = await serve('http');
    const { env, checked, notes } = envOf([{ name: 'add', change: 'changed' }]);
    const allowed_tools = ['add', 'mixed'];
    expect(await openIn(env, { type: 'mcp', name: 'srv', url, allowed_tools })).toEqual(['srv_mixed']);
    expect(checked).toMatchObject([
      { name: 'srv', url, offered: [{ name: 'add', description: 'Adds.' }, { name: 'mixed' }] },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/^Not offered to the model: add \(changed\) of the MCP tool "srv"/),
    ]);
  });

  it('is not used if the tool says so', async () => {
    const { url } = await serve('http');
    const { env, checked } = envOf([{ name: 'add', change: 'changed' }]);
    expect(await openIn(env, { type: 'mcp', name: 'srv', url, pin: false })).toHaveLength(5);
    expect(checked).toEqual([]);
  });

  it('fails the opening if it cannot be asked', async () => {
    const { url } = await serve('http');
    const { env } = envOf([]);
    const pins = { check: () => Promise.reject(new Error('no Redis')) };
    const failed = openIn({ ...env, pins }, { type: 'mcp', name: 'srv', url });
    await expect(failed).rejects.toThrow('no Redis');
  });
});

const inputSchema = { type: 'object' };

describe('a hostile MCP server', () => {
  it('does not keep a run waiting by ending a stream without an answer', async () => {
    const url = await serveByHand(
      wire((_, method) => (method === 'tools/list' ? { tools: [{ name: 't', inputSchema }] } : undefined)),
    );
    await expect(caller(await open({ url }))('srv_t', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('closed the connection before it answered'),
    });
  });

  it('does not fill the memory', async () => {
    const flood = `data: ${'x'.repeat(17 * 1024 * 1024)}`;
    const url = await serveByHand(
      wire((_, method) => (method === 'tools/list' ? { tools: [{ name: 't', inputSchema }] } : flood)),
    );
    await expect(caller(await open({ url }))('srv_t', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('more than 4 MiB'),
    });
  });

  it('cannot list endless pages, more tools than a model accepts, or duplicates', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `${'n'.repeat(70)}${index % 60}`);
    const url = await serveByHand(
      wire((id) => ({
        tools: names.map((name) => ({ name: `${name}/${id % 3}`, inputSchema })),
        nextCursor: 'on',
      })),
    );
    const { tools: opened } = await open({ url });
    expect(opened).toHaveLength(128);
    expect(new Set(opened.map(({ name }) => name)).size).toBe(128);
    for (const { name } of opened) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/);
  });

  it('cannot list more than anyone would choose from', async () => {
    const one = { name: 't', inputSchema: { ...inputSchema, description: 'x'.repeat(46_000) } };
    const url = await serveByHand(wire(() => ({ tools: Array.from({ length: 60 }, () => one) })));
    await expect(open({ url })).rejects.toMatchObject({
      name: 'ToolError',
      message: 'The server sent more than 2 MiB while listing its tools.',
    });
  });

  it('gets an answer of many small values cut as text', async () => {
    const structuredContent = { n: Array.from({ length: 200_000 }, () => 1) };
    const url = await serveByHand(
      wire((_, method) =>
        method === 'tools/list'
          ? { tools: [{ name: 't', inputSchema }] }
          : { content: [], structuredContent },
      ),
    );
    const told = await caller(await open({ url }))('srv_t', {});
    expect(told).toMatch(/^\{"n":\[1,1,/);
    expect(told).toHaveLength(200_000);
  });

  it('cannot send an endless endpoint name', async () => {
    const ideographs = String.fromCodePoint(...Array.from({ length: 20_000 }, (_, n) => 0x4e00 + n));
    const server = await startRecordingServer((_, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write(`event: endpoint\ndata: http://${ideographs.repeat(5)}/\n\n`);
    });
    closing.push(server.close);
    const used = process.cpuUsage();
    const config = { url: `${server.url}/sse`, transport: 'sse' } as const;
    await expect(open(config, createMcpTool({ open_ms: 1_000, call_ms: 500 }))).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('more than 4 KiB before it named its endpoint'),
    });
    const { user, system } = process.cpuUsage(used);
    expect((user + system) / 1_000).toBeLessThan(4_000);
  });

  it('cannot put a schema of any size into the prompt', async () => {
    const huge = { type: 'object', properties: { a: { description: 'x'.repeat(60_000) } } };
    const url = await serveByHand(wire(() => ({ tools: [{ name: 't', inputSchema: huge }] })));
    expect((await open({ url })).tools[0]?.parameters).toEqual({ type: 'object' });
  });
});
