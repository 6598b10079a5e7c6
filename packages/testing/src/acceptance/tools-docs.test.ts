import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { z } from 'zod';
import {
  type AgentBody,
  hasPostgres,
  type ModelServer,
  makePdf,
  type PostgresServer,
  type Stack,
  startOpenAiServer,
  startPostgres,
  startStack,
  until,
  withPostgres,
} from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';
import { mcpRoute } from '../tool-servers/mcp-server.js';

const PAGE = await readFile(new URL('../../../../docs/reference/tools.md', import.meta.url), 'utf8');
/**
 * The hosts of the examples that a local server replaces, each with its own paths. For the database, see
 * `local`.
 */
const HOSTS = [
  'https://crm.example.com',
  'https://inventory.example.com',
  'https://mcp.example.com',
  'https://searx.example.com',
  'https://news.example.com',
  'https://hooks.slack.com',
];

/** The page's agents by the name behind `agent=`, as written. */
const AGENTS = new Map(
  [...PAGE.matchAll(/^```json agent=(\w+)\n(.*?)^```$/gms)].map(([, type = '', json = '']) => [type, json]),
);

let outside: HttpServer;
let model: ModelServer;
let database: PostgresServer | undefined;
let stack: Stack;

const SPEC = {
  openapi: '3.1.0',
  info: { title: 'Inventory', version: '2' },
  servers: [{ url: 'https://elsewhere.example.com' }],
  paths: {
    '/products/{sku}': {
      get: {
        operationId: 'getProduct',
        parameters: [{ name: 'sku', in: 'path', required: true, schema: { type: 'string' } }],
      },
    },
    '/reservations': {
      post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } },
    },
  },
};

const serveMcp = mcpRoute((server) => {
  server.registerTool('free_times', { inputSchema: { day: z.string() } }, ({ day }) => ({
    content: [{ type: 'text', text: `On ${day}: 14:00` }],
  }));
  server.registerTool('delete_calendar', {}, () => ({ content: [] }));
});

beforeAll(async () => {
  model = await startOpenAiServer();
  outside = await startHttpServer((call, response) => {
    const path = call.path.split('?')[0] ?? '';
    if (path === '/mcp') return serveMcp(call, response);
    if (path === '/openapi.json') return sendJson(response, SPEC);
    if (path.startsWith('/v1/customers/')) return sendJson(response, { ticket: 7 }, 201);
    if (path === '/v2/products/A-1') return sendJson(response, { sku: 'A-1', stock: 12 });
    if (path === '/search')
      return sendJson(response, {
        results: [{ title: 'Redis', url: 'https://redis.io/', content: 'Fast.' }],
      });
    if (path === '/article')
      return response.setHeader('content-type', 'text/html').end('<h1>News</h1><p>All is well.</p>');
    if (path.startsWith('/services/')) return response.end('ok');
    return sendJson(response, {}, 404);
  });
  if (hasPostgres()) {
    database = await startPostgres();
    const admin = new Client(database.url);
    await admin.connect();
    await admin.query(`
      CREATE TABLE orders (id int, customer text, total numeric, placed date);
      INSERT INTO orders VALUES (1, 'Ada', 12.5, '2026-01-02'), (2, 'Bob', 7, '2026-01-03');
      CREATE TABLE salaries (amount int);
      CREATE ROLE agent_reader LOGIN PASSWORD 'password';
      GRANT SELECT ON orders TO agent_reader;`);
    await admin.end();
  }
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url, EGRESS_ALLOW: '127.0.0.1' } });
});

afterEach(() => {
  model.requests.length = 0;
  outside.calls.length = 0;
});

afterAll(async () => {
  await stack?.stop();
  await database?.stop();
  await outside?.close();
  await model?.close();
});

/** Text of the page with its hosts replaced by this test's servers. */
function local(text: string): string {
  const { port } = database ?? {};
  return HOSTS.reduce((replaced, host) => replaced.replaceAll(host, outside.url), text).replaceAll(
    'db.example.com:5432/shop',
    `127.0.0.1:${port}/postgres`,
  );
}

/** Creates the page's agent as written, except for its hosts and model. */
async function createAgent(type: string): Promise<AgentBody> {
  const body = JSON.parse(local(AGENTS.get(type) ?? '')) as Record<string, unknown>;
  return stack.createAgent({ ...body, model: 'compatible:test-model' });
}

/**
 * Triggers the agent's webhook. Its model makes one call and then answers. Returns that call as the task
 * shows it.
 */
async function run(agent: AgentBody, name: string, args: Record<string, unknown>) {
  model.respond({ tool_calls: [{ name, arguments: args }] }, { text: 'Done.' });
  const { token } = await stack.mintWebhook(agent.id);
  const { body } = await stack.trigger(token, { from: 'Ada "A." <ada@example.com>', text: 'It is broken.' });
  const task = await stack.poll(body.task_id);
  expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.', tool_calls: [{ name }] } });
  const [call, ...others] = task.result.tool_calls;
  expect([call.error, others]).toEqual([null, []]);
  return call.result;
}

/** `name(parameters)` of each tool that the model received. */
const offered = () =>
  (model.requests[0]?.body.tools ?? []).map(
    ({
      function: { name, parameters },
    }: {
      function: { name: string; parameters: { properties?: object } };
    }) => `${name}(${Object.keys(parameters.properties ?? {}).join(', ')})`,
  );

/** The same from the page's "The model sees". */
function promised(type: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${type}\n`)) ?? '';
  const sentence = /^The model sees (.*?)[.:;]?$/m.exec(section)?.[1] ?? '';
  return [...sentence.matchAll(/`(\w+\([\w, ]*\))`/g)].map(([, call = '']) => call);
}

/** The calls that reached the outside, without those that only open a tool. */
const reached = (path: string) => outside.calls.filter((call) => call.path.startsWith(path));

const EXAMPLES: Record<string, () => Promise<void>> = {
  async http() {
    const args = { customer: 'a/1', title: 'Say "hi"', tags: ['x'] };
    const result = await run(await createAgent('http'), 'open_ticket', args);
    expect(result).toMatchObject({ status: 201, body: { ticket: 7 } });
    const [call] = outside.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/v1/customers/a%2F1/tickets?source=mail' });
    expect(call?.headers.authorization).toBe('Bearer the-token-of-your-crm');
    const from = 'Ada "A." <ada@example.com>';
    expect(JSON.parse(call?.body ?? '')).toEqual({ title: 'Say "hi"', tags: ['x'], from });
  },
  async openapi() {
    const agent = await createAgent('openapi');
    expect(await run(agent, 'getProduct', { sku: 'A-1' })).toMatchObject({ body: { stock: 12 } });
    const [call] = reached('/v2/');
    expect([call?.path, call?.headers['x-api-key']]).toEqual([
      '/v2/products/A-1',
      'the-key-of-your-inventory',
    ]);
    expect(reached('/openapi.json')[0]?.headers['x-api-key']).toBeUndefined();
  },
  async mcp() {
    const agent = await createAgent('mcp');
    expect(await run(agent, 'calendar_free_times', { day: 'Monday' })).toBe('On Monday: 14:00');
    const tokens = new Set(reached('/mcp').map(({ headers }) => headers.authorization));
    expect([...tokens]).toEqual(['Bearer the-token-of-your-mcp-server']);
  },
  async web_page() {
    const result = await run(await createAgent('web_page'), 'read_page', {
      url: local('https://news.example.com/article'),
    });
    expect(result.text).toMatch(/# News\s+All is well\./);
  },
  async web_search() {
    const result = await run(await createAgent('web_search'), 'search', { query: 'what is redis' });
    expect(result).toEqual({ results: [{ title: 'Redis', url: 'https://redis.io/', snippet: 'Fast.' }] });
    expect(outside.calls[0]?.path).toBe('/search?q=what+is+redis&format=json');
  },
  async postgres() {
    const agent = await createAgent('postgres');
    const query = 'SELECT customer, total FROM orders ORDER BY id';
    const rows = [
      ['Ada', '12.5'],
      ['Bob', '7'],
    ];
    expect(await run(agent, 'query_orders', { query })).toEqual({
      columns: ['customer', 'total'],
      rows,
      truncated: false,
    });
    expect(JSON.stringify(model.requests[0]?.body.tools)).toContain('orders(id int, customer text');
    model.respond({ tool_calls: [{ name: 'query_orders', arguments: { query: 'TABLE salaries' } }] }, {});
    const { token } = await stack.mintWebhook(agent.id);
    const task = await stack.poll((await stack.trigger(token, {})).body.task_id);
    expect(task.result.tool_calls[0].error).toContain('permission denied for table salaries');
  },
  async memory() {
    const agent = await createAgent('memory');
    expect(await run(agent, 'notes_save', { key: 'Ada', text: 'Prefers mail.' })).toEqual({ saved: 'Ada' });
    const found = await run(agent, 'notes_recall', { query: 'MAIL' });
    expect(found).toMatchObject({ notes: [{ key: 'Ada', text: 'Prefers mail.' }], more: 0 });
    expect(await run(agent, 'notes_forget', { key: 'Ada' })).toEqual({ forgotten: 'Ada' });
    expect(await run(agent, 'notes_recall', {})).toEqual({ notes: [], more: 0 });
  },
  async documents() {
    const agent = await createAgent('documents');
    const text = '# Printer\n\nHold the green button for ten seconds to reset the printer.';
    const path = `/api/agents/${agent.id}/documents?name=manual.md`;
    const headers = { 'content-type': 'text/markdown' };
    expect((await stack.request('POST', path, text, headers)).status).toBe(201);
    const { results } = await run(agent, 'manuals', { query: 'how to reset' });
    expect(results).toMatchObject([{ document: 'manual.md', passage: text }]);
    const pdf = await fetch(`${stack.url}/api/agents/${agent.id}/documents?name=pump.pdf`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.adminKey}`, 'content-type': 'application/pdf' },
      body: new Uint8Array(makePdf([['The pump wants oil.']])),
    });
    expect(pdf.status).toBe(201);
    const { documents } = await run(agent, 'manuals_list', {});
    expect(documents).toMatchObject([{ name: 'manual.md', characters: text.length }, { name: 'pump.pdf' }]);
    const { results: oil } = await run(agent, 'manuals', { query: 'oil of the pump' });
    expect(oil[0]).toMatchObject({ document: 'pump.pdf', passage: 'The pump wants oil.' });
  },
  async notify() {
    const args = { message: 'The pump is <hot>', title: 'Alarm' };
    expect(await run(await createAgent('notify'), 'tell_duty', args)).toEqual({ sent: true });
    const [call] = outside.calls;
    expect(call).toMatchObject({ method: 'POST', path: '/services/T0000/B0000/your-webhook' });
    expect(JSON.parse(call?.body ?? '').text).toBe('*Alarm*\nThe pump is &lt;hot&gt;');
  },
  async ask_human() {
    const agent = await createAgent('ask_human');
    const answered = run(agent, 'ask_sales', { question: 'Ship it?' });
    const { task_id, call_id } = await waiting(agent);
    const path = `/api/tasks/${task_id}/approvals/${call_id}`;
    expect((await stack.request('POST', path, { decision: 'answer', answer: 'yes' })).status).toBe(200);
    expect(await answered).toBe('yes');
  },
  async wait_callback() {
    const agent = await createAgent('wait_callback');
    const reported = run(agent, 'build_done', {});
    const { pathname } = new URL((await waiting(agent)).url);
    await fetch(stack.url + pathname, { method: 'POST', body: '{"passed":true}' });
    expect(await reported).toEqual({ passed: true });
  },
  async agent() {
    const researcher = await stack.createAgent({ name: 'Researcher', model: 'sandbox:echo' });
    const body = JSON.parse((AGENTS.get('agent') ?? '').replace('agt_of_the_researcher', researcher.id));
    const agent = await stack.createAgent({ ...body, model: 'compatible:test-model' });
    expect(await run(agent, 'research', { message: 'Who is Ada?' })).toContain('Who is Ada?');
  },
};

/** What an agent's only task waits for. */
const waiting = (agent: AgentBody) =>
  until('the task waits', async () => {
    const { body } = await stack.request<{
      approvals: { agent_id: string; task_id: string; call_id: string; url: string }[];
    }>('GET', '/api/approvals?status=pending');
    return body.approvals.find(({ agent_id }) => agent_id === agent.id);
  });

test('every type of tool has an example, and its PostgreSQL exists', async () => {
  const { body } = await stack.request<{ tools: { type: string }[] }>('GET', '/api/tools');
  expect([...AGENTS.keys()]).toEqual(body.tools.map(({ type }) => type));
  expect(Object.keys(EXAMPLES)).toEqual([...AGENTS.keys()]);
});

describe('docs/reference/tools.md', () => {
  for (const [type, example] of Object.entries(EXAMPLES)) {
    (type === 'postgres' ? withPostgres(test) : test)(
      `its example of ${type} works, and the model sees what it says`,
      async () => {
        await example();
        expect(offered()).toEqual(promised(type));
      },
    );
  }

  test('its examples show no secret once they are stored', async () => {
    const { body } = await stack.request('GET', '/api/agents?limit=100');
    for (const json of AGENTS.values())
      for (const { secrets = {} } of JSON.parse(local(json)).tools as { secrets?: object }[])
        for (const secret of Object.values(secrets)) expect(JSON.stringify(body)).not.toContain(secret);
  });
});
