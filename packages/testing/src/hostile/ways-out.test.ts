import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ScriptedToolCall, type Stack, startStack, until } from '../index.js';

/** Other spellings of this machine's own address. Each leads to the trap if it is not refused. */
const HOSTS = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST.',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1.',
  '0',
  '①②⑦.⓪.⓪.①',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
];

let stack: Stack;
/** A server inside the network, which counts connections of any protocol. */
let trap: Server;
let connections = 0;
let port: number;

beforeAll(async () => {
  trap = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '::');
  await new Promise((resolve) => trap.once('listening', resolve));
  ({ port } = trap.address() as AddressInfo);
  // No EGRESS_ALLOW, as by default.
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  trap?.close();
});

/** A mail server's host is not an http one: nothing there turns other digits into 0 to 9. */
const REFUSED = /EGRESS_ALLOW|: the host was not found/;

/** What a person is shown of requests to `base`. */
type Way = (base: string) => Promise<string[]>;

async function agent(config: object): Promise<{ id: string; run(payload: object): Promise<string> }> {
  const { id } = await stack.createAgent({
    name: 'Out',
    model: 'sandbox:echo',
    sandbox_tools: true,
    ...config,
  });
  const { token } = await stack.mintWebhook(id);
  return { id, run: async (payload) => (await stack.trigger(token, payload)).body.task_id };
}

/** Runs an agent with one tool, and lets it make one call. */
const tool =
  (make: (base: string) => object, call: (base: string) => ScriptedToolCall): Way =>
  async (base) => {
    const { run } = await agent({ tools: [make(base)], limits: { max_attempts: 1 } });
    const taskId = await run({ sandbox: { steps: [{ tool: call(base) }], reply: 'Done.' } });
    const { result } = await stack.poll(taskId);
    return [JSON.stringify(result)];
  };

/** The deliveries of one task. */
const delivered =
  (config: (base: string) => object): Way =>
  async (base) => {
    const { id, run } = await agent(config(base));
    const taskId = await run({ base });
    await stack.poll(taskId);
    const path = `/api/agents/${id}/callbacks?task_id=${taskId}`;
    const tried = await until('a delivery was tried', async () => {
      const { body } = await stack.request<{ callbacks: { status: string; attempts: object[] }[] }>(
        'GET',
        path,
      );
      return body.callbacks[0]?.attempts[0];
    });
    return [JSON.stringify(tried)];
  };

let channels = 0;
const channel =
  (make: (base: string) => object): Way =>
  async (base) => {
    channels += 1;
    const name = `channel-${channels}`;
    const made = await stack.request('POST', '/api/notify-channels', { name, ...make(base) });
    if (made.status !== 201) return [JSON.stringify(made.body)];
    const { body } = await stack.request('POST', `/api/notify-channels/${name}/test`);
    await stack.request('DELETE', `/api/notify-channels/${name}`);
    return [JSON.stringify(body)];
  };

const checked =
  (make: (base: string) => object): Way =>
  async (base) => {
    const { body } = await stack.request('POST', '/api/tools/check', { tool: make(base) });
    return [JSON.stringify(body)];
  };

const secrets = { token: 'xoxb-the-token' };
const http = (base: string, more: object = {}) => ({ type: 'http', name: 'call', url: `${base}/x`, ...more });
const mcp = (base: string) => ({ type: 'mcp', name: 'srv', url: `${base}/mcp` });
const openapi = (base: string) => ({
  type: 'openapi',
  name: 'api',
  spec_url: `${base}/openapi.json`,
  operations: ['GET /x'],
});
const described = (base: string) => ({
  type: 'openapi',
  name: 'api',
  spec: JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'X', version: '1' },
    servers: [{ url: base }],
    paths: { '/x': { get: { operationId: 'getX', responses: { 200: { description: 'ok' } } } } },
  }),
  operations: ['getX'],
});
const oauth = (base: string) => ({
  ...http('https://api.example.com'),
  oauth: { token_url: `${base}/token`, client_id: 'me' },
  secrets: { client_secret: 'the-secret-of-me' },
});
const noArguments = (name: string) => () => ({ name, arguments: {} });

const WAYS: Record<string, Way> = {
  'an http tool': tool(http, noArguments('call')),
  'a token endpoint': tool(oauth, noArguments('call')),
  'an OpenAPI description': tool(openapi, noArguments('api_x')),
  'a described API': tool(described, noArguments('getX')),
  'an MCP server': tool(mcp, noArguments('srv_x')),
  'a page': tool(
    () => ({ type: 'web_page', name: 'read' }),
    (base) => ({ name: 'read', arguments: { url: `${base}/` } }),
  ),
  'a search engine': tool(
    (base) => ({ type: 'web_search', name: 'find', engine: 'searxng', base_url: base }),
    () => ({ name: 'find', arguments: { query: 'x' } }),
  ),
  'a message to people': tool(
    (base) => ({ type: 'notify', name: 'tell', channel: 'slack', secrets: { url: `${base}/hook` } }),
    () => ({ name: 'tell', arguments: { message: 'x' } }),
  ),
  'a database': tool(
    (base) => ({
      type: 'postgres',
      name: 'db',
      secrets: { url: `postgres://u:p@${new URL(base.replace('http', 'pg')).host}/db` },
    }),
    () => ({ name: 'db', arguments: { query: 'SELECT 1' } }),
  ),
  'a file of the payload': async (base) => {
    const { run } = await agent({
      input_template: '{{ payload.url | attach }}',
      limits: { max_attempts: 1 },
    });
    const taskId = await run({ url: `${base}/a.png` });
    await stack.poll(taskId);
    return [JSON.stringify((await stack.request('GET', `/api/tasks/${taskId}`)).body)];
  },
  'a check of an MCP server': checked(mcp),
  'a check of a description': checked(openapi),
  'a callback': delivered((base) => ({ callback: { url: `${base}/back` } })),
  'a Slack thread': delivered((base) => ({
    destinations: [{ type: 'slack', base_url: base, channel: 'C1', secrets }],
  })),
  'a GitHub comment': delivered((base) => ({
    destinations: [{ type: 'github', base_url: base, repository: 'a/b', issue: '1', secrets }],
  })),
  'an http destination': delivered((base) => ({
    destinations: [{ type: 'http', url: `${base}/x`, body: '{}' }],
  })),
  'a channel of Slack': channel((base) => ({ type: 'slack', url: `${base}/hook` })),
  'a channel of Discord': channel((base) => ({ type: 'discord', url: `${base}/hook` })),
  'a channel of Telegram': channel((base) => ({
    type: 'telegram',
    base_url: base,
    token: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5',
    chat_id: '1',
  })),
  'a channel of a webhook': channel((base) => ({ type: 'webhook', url: `${base}/hook` })),
  'a channel of mail': channel((base) => ({
    type: 'email',
    to: ['a@example.com'],
    from: 'b@example.com',
    smtp_url: base.replace('http', 'smtp'),
  })),
};

test.each(Object.entries(WAYS))('%s never leads inside, however the host is spelled', async (_name, way) => {
  connections = 0;
  const told = await Promise.all(HOSTS.map((host) => way(`http://${host}:${port}`)));
  for (const [n, texts] of told.entries())
    for (const text of texts) expect([HOSTS[n], text]).toEqual([HOSTS[n], expect.stringMatching(REFUSED)]);
  expect(connections).toBe(0);
});
