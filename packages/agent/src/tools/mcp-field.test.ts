import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { HELLO, mcpFixture } from '../testing/mcp-fixture.js';
import type { RecordedRequest } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';

const mcp = mcpFixture();

/** A posted message, and how to answer it. */
interface Asked {
  id: number;
  method: string;
  params: { protocolVersion?: string };
  request: RecordedRequest;
  response: ServerResponse;
}
type Play = (asked: Asked) => unknown;
const result = ({ id }: Asked, text: string) => ({
  jsonrpc: '2.0',
  id,
  result: { content: [{ type: 'text', text }] },
});
const error = ({ id }: Asked, code: number, message: string, data?: unknown) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message, data },
});
/** Answers with events, and leaves the stream open if that is said. */
const stream = (response: ServerResponse, text: string, isOpen = false) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(text);
  if (!isOpen) response.end();
};
const refuse = (response: ServerResponse, status: number, text: string, headers = {}) =>
  void response.writeHead(status, headers).end(text);

/** A server with the tool `go`, which plays `call`; all it was asked, in order. */
async function served(
  call: Play,
  { initialize, get, tools = [{ name: 'go' }] }: { initialize?: Play; get?: Play; tools?: object[] } = {},
) {
  const seen: Asked[] = [];
  const url = await mcp.serveByHand((request, response) => {
    const asked = { ...(JSON.parse(request.body || '{}') as Asked), request, response };
    if (request.method === 'GET' && get && request.headers['last-event-id'] !== undefined) return get(asked);
    if (request.method !== 'POST') return refuse(response, 405, '');
    seen.push(asked);
    switch (asked.method) {
      case 'initialize':
        return initialize ? initialize(asked) : { jsonrpc: '2.0', id: asked.id, result: HELLO };
      case 'tools/list':
        return { jsonrpc: '2.0', id: asked.id, result: { tools } };
      case 'tools/call':
        return call(asked);
      default:
        return refuse(response, 202, '');
    }
  });
  return { url, seen };
}

async function calling(call: Play, more: Parameters<typeof served>[1] = {}) {
  const { url, seen } = await served(call, more);
  const opened = await mcp.open({ url });
  return { go: () => caller(opened)('srv_go', {}), seen };
}

describe('an answer to a call', () => {
  // modelcontextprotocol SEP-1699
  it('is asked for where its stream ends early, as often as the server wants', async () => {
    let open: Asked | undefined;
    const ids: unknown[] = [];
    const { go, seen } = await calling(
      (asked) => {
        open = asked;
        return stream(asked.response, 'id: a\nretry: 10\ndata:\n\n');
      },
      {
        get: ({ request, response }) => {
          ids.push(request.headers['last-event-id']);
          if (ids.length === 1) return stream(response, 'id: b\ndata:\n\n');
          return stream(response, `data: ${JSON.stringify(open && result(open, 'at last'))}\n\n`);
        },
      },
    );
    expect(await go()).toBe('at last');
    expect(ids).toEqual(['a', 'b']);
    expect(seen.filter(({ method }) => method === 'tools/call')).toHaveLength(1);
  });

  it('is asked for again where its stream breaks inside an event', async () => {
    let open: Asked | undefined;
    const ids: unknown[] = [];
    const { go } = await calling(
      (asked) => {
        open = asked;
        const cut = JSON.stringify(result(asked, 'at last')).slice(0, 20);
        return stream(asked.response, `id: a\nretry: 1\ndata:\n\nid: b\ndata: ${cut}`);
      },
      {
        get: ({ request, response }) => {
          ids.push(request.headers['last-event-id']);
          if (ids.length === 1) return stream(response, ': bye');
          return stream(response, `data: ${JSON.stringify(open && result(open, 'at last'))}\n\n`);
        },
      },
    );
    expect(await go()).toBe('at last');
    expect(ids).toEqual(['a', 'a']);
  });

  it('is lost where the server refuses to go on', async () => {
    const { go } = await calling(({ response }) => stream(response, 'id: a\nretry: 1\ndata:\n\n'), {
      get: ({ response }) => refuse(response, 404, ''),
    });
    await expect(go()).rejects.toMatchObject({
      message: 'The server closed the connection before it answered.',
      mayHaveHappened: true,
    });
  });

  it.each<[string, (text: string) => string, boolean]>([
    ['named otherwise', (text) => `event: response\ndata: ${text}\n\n`, true],
    ['without the empty line after it', (text) => `data: ${text}\n`, true], // vercel/ai#16865
    ['without any line end after it', (text) => `data: ${text}`, true],
    ['in a batch', (text) => `data: [{"jsonrpc":"2.0","method":"x"},${text}]\n\n`, true],
  ])('may be an event %s', async (_, event, isOpen) => {
    const { go } = await calling((asked) =>
      stream(asked.response, event(JSON.stringify(result(asked, '} done'))), isOpen),
    );
    expect(await go()).toBe('} done');
  });

  it('is not looked for behind a thousand other messages of its batch', async () => {
    const { go } = await calling((asked) => {
      const others = Array.from({ length: 1_000 }, () => ({ jsonrpc: '2.0', method: 'x' }));
      return stream(asked.response, `data: ${JSON.stringify([...others, result(asked, 'late')])}\n\n`);
    });
    await expect(go()).rejects.toMatchObject({
      message: 'The server closed the connection before it answered.',
    });
  });

  it.each([
    ['User(#19704) expected', 'Internal error: User(#19704) expected'], // anthropics/claude-code#71352
    [{ issues: [{ path: 'a' }] }, 'Internal error: {"issues":[{"path":"a"}]}'],
    ['Internal error', 'Internal error'],
    [null, 'Internal error'],
  ])('that is an error tells its data: %j', async (data, message) => {
    const { go } = await calling((asked) => error(asked, -32_603, 'Internal error', data));
    await expect(go()).rejects.toMatchObject({ message, mayHaveHappened: false });
  });

  it('that is an error may have data that nest too deeply to be told', async () => {
    const data = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const { go } = await calling(({ id, response }) =>
      stream(
        response,
        `data: {"jsonrpc":"2.0","id":${id},"error":{"code":1,"message":"No","data":${data}}}\n\n`,
      ),
    );
    await expect(go()).rejects.toMatchObject({ message: 'No', mayHaveHappened: false });
  });

  it('that is a refusal with a code keeps it beside Retry-After', async () => {
    const { go } = await calling((asked) =>
      refuse(asked.response, 503, JSON.stringify(error(asked, -32_603, 'Busy')), { 'retry-after': '7' }),
    );
    await expect(go()).rejects.toMatchObject({ message: 'Busy', mayHaveHappened: false });
  });

  it.each<[number, string, Record<string, string>, string]>([
    [403, '', { 'www-authenticate': 'Bearer error="insufficient_scope", scope="a"' }, 'scope="a"'],
    [429, '{"error":"slow down"}', { 'retry-after': '7' }, '{"error":"slow down"} (retry after 7)'],
    [503, '\n<html><h1>Bad', {}, 'The answer is a web page.'],
  ])('that is a refusal (%i) says why', async (status, text, headers, told) => {
    const { go } = await calling(({ response }) => refuse(response, status, text, headers));
    await expect(go()).rejects.toThrow(told);
  });
});

describe('a session that has ended', () => {
  const body = '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}';
  it.each<[string, Play]>([
    ['401', ({ response }) => refuse(response, 401, 'Unauthorized: Session not found')], // rust-sdk#689
    ['410', ({ response }) => refuse(response, 410, 'Gone')],
    ['422', ({ response }) => refuse(response, 422, body)],
    ['500', ({ response }) => refuse(response, 500, body)],
    ['500 of a proxy', ({ response }) => refuse(response, 500, '{"error":"No valid session ID provided"}')], // fastmcp#121
    ['200', (asked) => error(asked, -32_001, 'Session not found')],
    ['200 without a code', ({ response }) => stream(response, 'data: {"error":"Session not found"}\n\n')], // keryx#503
  ])('begins again, once: %s', async (_, end) => {
    let calls = 0;
    const { go, seen } = await calling((asked) => (calls++ === 0 ? end(asked) : result(asked, 'new')));
    expect(await go()).toBe('new');
    expect(seen.filter(({ method }) => method === 'initialize')).toHaveLength(2);
    expect(calls).toBe(2);
  });

  it.each<[string, Play]>([
    ['a session of a tool', (asked) => error(asked, -32_001, 'Paid, but the checkout session has expired')],
    ['a browser session', (asked) => error(asked, -32_000, 'Browser session not found')],
    ['a 500', ({ response }) => refuse(response, 500, 'Browser session not found')],
    ['a wrong token', ({ response }) => refuse(response, 401, 'invalid_token')],
  ])('is not what another refusal is about: %s', async (_, refused) => {
    let calls = 0;
    const { go } = await calling((asked) => {
      calls++;
      return refused(asked);
    });
    await expect(go()).rejects.toThrow();
    expect(calls).toBe(1);
  });
});

describe('a server of another version', () => {
  it.each<[string, Play]>([
    // xiaohongshu-mcp#697, agentic-awesome-skills#1003
    ['400', ({ response }) => refuse(response, 400, 'Unsupported protocol version (supported: 2024-11-05)')],
    ['-32602', (asked) => error(asked, -32_602, 'Unsupported protocol version', { expected: '2024-11-05' })],
  ])('that refuses the newest is asked in its own: %s', async (_, refused) => {
    const { go, seen } = await calling((asked) => result(asked, 'old'), {
      initialize: (asked) =>
        asked.params.protocolVersion === '2024-11-05'
          ? { jsonrpc: '2.0', id: asked.id, result: { ...HELLO, protocolVersion: '2024-11-05' } }
          : refused(asked),
    });
    expect(await go()).toBe('old');
    expect(seen.at(-1)?.request.headers['mcp-protocol-version']).toBe('2024-11-05');
  });

  it('that nobody knows is used, and hears its own', async () => {
    const protocolVersion = '2025-12-01';
    const { go, seen } = await calling((asked) => result(asked, 'mine'), {
      initialize: ({ id }) => ({ jsonrpc: '2.0', id, result: { ...HELLO, protocolVersion } }),
    });
    expect(await go()).toBe('mine');
    expect(seen.at(-1)?.request.headers['mcp-protocol-version']).toBe(protocolVersion);
  });
});

it('a tool whose schema has null for what it leaves out is offered', async () => {
  const a = { type: 'string', required: null, enum: null, items: null, description: null, default: null };
  const inputSchema = { type: 'object', properties: { a }, additionalProperties: null };
  const { url } = await served(() => {}, { tools: [{ name: 'go', inputSchema }] });
  const { tools } = await mcp.open({ url });
  expect(tools.map(({ name }) => name)).toEqual(['srv_go']);
});

it.each([301, 302, 303])('a redirect that would make a post a GET (%i) says where to', async (status) => {
  const url = await mcp.serveByHand((_, response) => refuse(response, status, '', { location: '/mcp/' }));
  await expect(mcp.open({ url })).rejects.toThrow('has moved to /mcp/. Set url to that.');
});
