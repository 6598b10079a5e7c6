import { execFile } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack, until } from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';
import { mcpRoute } from '../tool-servers/mcp-server.js';

const MIB = 1024 * 1024;
const BIG = 50 * MIB;

/** The endless answers that the worker has closed. */
const hungUp: string[] = [];
let outside: HttpServer;
let stack: Stack;

const serveMcp = mcpRoute((server, hangUp) => {
  server.registerTool('die', {}, () => {
    hangUp();
    return new Promise(() => {});
  });
  server.registerTool('flood', {}, () => ({ content: [{ type: 'text', text: 'x'.repeat(BIG) }] }));
  server.registerTool('live', {}, () => ({ content: [{ type: 'text', text: 'alive' }] }));
});

/** Sends for as long as the reader reads. */
function sendMuch(response: ServerResponse, part: string): void {
  let left = BIG;
  const write = () => {
    while (left > 0) {
      left -= part.length;
      if (!response.write(part)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ROUTES: Record<string, (response: ServerResponse) => unknown> = {
  '/big': (response) =>
    sendMuch(response.writeHead(200, { 'content-type': 'text/plain' }), 'x'.repeat(65_536)),
  '/big-json': (response) => {
    response.writeHead(200, JSON_TYPE).write('["');
    sendMuch(response, 'y'.repeat(65_536));
  },
  '/bomb': (response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' });
    response.end(gzipSync(Buffer.alloc(BIG, '<div>')));
  },
  '/binary': (response) => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37) % 256));
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
  },
  '/bad-json': (response) => response.writeHead(200, JSON_TYPE).end('{"ok": tru'),
  '/bad-utf8': (response) => response.writeHead(200, JSON_TYPE).end(Buffer.from([0x22, 0xff, 0xfe, 0x22])),
  '/deep': (response) => response.writeHead(200, JSON_TYPE).end('['.repeat(400_000)),
  '/proto': (response) =>
    response.writeHead(200, JSON_TYPE).end('{"__proto__": {"polluted": 1}, "constructor": 1}'),
  '/no-http': (response) => response.socket?.end('nonsense\r\n\r\n'),
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half');
    setTimeout(() => response.socket?.destroy(), 50);
  },
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/hang': (response) => response.on('close', () => hungUp.push('/hang')),
  '/drip': (response) => {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(' '), 100);
    response.on('close', () => {
      clearInterval(timer);
      hungUp.push('/drip');
    });
  },
  '/search': (response) => sendJson(response, { results: { not: 'a list' } }),
};

beforeAll(async () => {
  outside = await startHttpServer((call, response) => {
    const path = call.path.split('?')[0] ?? '';
    return path === '/mcp' ? serveMcp(call, response) : ROUTES[path]?.(response);
  });
  stack = await sharedStack();
});

// Whatever a tool did, the worker lives and runs the next task.
afterEach(async () => {
  const task = await run({ tools: [] }, [], 'Still here.');
  expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: 'Still here.' } });
  expect(stack.workers.map(({ exit }) => exit())).toEqual([undefined]);
});

afterAll(async () => {
  await outside?.close();
});

/** Runs an agent whose model (the sandbox) makes these calls, one per turn, and then replies. */
async function run(agent: Record<string, unknown>, calls: [name: string, args?: object][], reply: string) {
  const base = { name: 'Careless', model: 'sandbox:echo', sandbox_tools: true };
  const { id } = await stack.createAgent({ ...base, ...agent });
  const { token } = await stack.mintWebhook(id);
  const steps = calls.map(([name, args = {}]) => ({ tool: { name, arguments: args } }));
  const { body } = await stack.trigger(token, { sandbox: { steps, reply } });
  return stack.poll(body.task_id, { timeoutMs: 20_000 });
}

const get = (path: string) => ({ type: 'http', name: 'call', url: outside.url + path });
const mcp = () => ({ type: 'mcp', name: 'srv', url: `${outside.url}/mcp` });
const beginning = expect.stringMatching(/^Only the beginning of the body is shown/);

test.each<[string, string, object]>([
  [
    '50 MB of text',
    '/big',
    { result: { status: 200, body: expect.stringMatching(/^x{20000}$/), note: beginning } },
  ],
  [
    '50 MB of JSON',
    '/big-json',
    { result: { status: 200, body: expect.stringMatching(/^\["y+$/), note: beginning } },
  ],
  ['50 MB out of a small archive', '/bomb', { result: { status: 200, note: beginning } }],
  ['binary data', '/binary', { result: { body: '[application/octet-stream, 4096 bytes, not shown]' } }],
  ['invalid JSON', '/bad-json', { result: { body: '{"ok": tru' } }],
  ['JSON in no encoding', '/bad-utf8', { result: { status: 200 } }],
  ['JSON of 400,000 levels', '/deep', { result: { status: 200 } }],
  ['JSON that names a prototype', '/proto', { result: { status: 200 } }],
  [
    'something that is not HTTP',
    '/no-http',
    { error: expect.stringMatching(/its answer is not valid HTTP/) },
  ],
  ['half an answer', '/cut', { error: expect.stringMatching(/connection broke/) }],
  ['endless redirects', '/loop', { error: 'Gave up after 5 redirects.' }],
])('the model is told about a server that sends %s, and the run continues', async (_what, path, call) => {
  const task = await run({ tools: [get(path)] }, [['call']], 'So be it.');
  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'So be it.' } });
  expect(task.result.tool_calls).toMatchObject([{ name: 'call', error: null, ...call }]);
  expect(JSON.stringify(task).length).toBeLessThan(100_000);
});

test.each(['/hang', '/drip'])(
  'a server that never ends its answer (%s) ends the run by its timeout',
  async (path) => {
    const started = Date.now();
    const task = await run({ tools: [get(path)], limits: { timeout_seconds: 2 } }, [['call']], 'Never said.');
    expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'timeout' } } });
    expect(task.result.tool_calls).toMatchObject([
      { result: null, error: 'The run ended before this call did.' },
    ]);
    await until('the worker closes the connection', () => hungUp.includes(path));
    expect(Date.now() - started).toBeLessThan(20_000);
  },
);

test('the same limits apply to pages and searches', async () => {
  const tools = [
    { type: 'web_page', name: 'read' },
    { type: 'web_search', name: 'search', engine: 'searxng', base_url: outside.url },
  ];
  const read = (path: string): [string, object] => ['read', { url: outside.url + path }];
  const calls = [
    read('/big'),
    read('/bomb'),
    read('/binary'),
    read('/loop'),
    ['search', { query: 'x' }] as [string, object],
  ];
  const task = await run({ tools }, calls, 'Read.');
  expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: 'Read.' } });
  expect(task.result.tool_calls).toMatchObject([
    { error: null, result: { note: expect.stringContaining('only its beginning was read') } },
    { error: null, result: { note: expect.stringContaining('only its beginning was read') } },
    { error: expect.stringContaining('4096 bytes') },
    { error: 'Gave up after 5 redirects.' },
    { error: null, result: { results: [] } },
  ]);
});

test('the model is told about an MCP server that dies during a call, or floods it, and can keep using it', async () => {
  const calls: [string][] = [['srv_die'], ['srv_flood'], ['srv_live']];
  const task = await run({ tools: [mcp()] }, calls, 'Carried on.');
  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'Carried on.' } });
  expect(task.result.tool_calls).toMatchObject([
    { name: 'srv_die', result: null, error: expect.stringMatching(/the connection broke/) },
    { name: 'srv_flood', result: null, error: 'The server sent more than 4 MiB.' },
    { name: 'srv_live', result: 'alive', error: null },
  ]);
});

test.each([
  ['is not an MCP server', '/binary'],
  ['answers with 50 MB', '/big-json'],
])('an MCP server that %s cannot be opened: tool_failed', async (_what, path) => {
  const tools = [{ type: 'mcp', name: 'srv', url: outside.url + path }];
  const task = await run({ tools, limits: { max_attempts: 1 } }, [['srv_live']], 'Never said.');
  expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'tool_failed' } } });
  expect(task.result.error.message).toContain('The tool "srv" could not be opened');
});

test('the worker does not keep what it has read', async () => {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', `${stack.workers[0]?.pid}`]);
  expect(Number(stdout)).toBeGreaterThan(10_000);
  expect(Number(stdout) / 1024).toBeLessThan(400); // MiB; about 500 were sent to it
});
