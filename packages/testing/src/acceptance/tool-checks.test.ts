import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { freePort } from '../harness/ports.js';
import { type Stack, sharedStack } from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';
import { mcpRoute } from '../tool-servers/mcp-server.js';

interface Warning {
  path: string;
  code: string;
  detail: string;
}
interface Check {
  ok: boolean;
  problems: Warning[];
  tools: { name: string; description: string; input_schema: Record<string, unknown>; chosen: boolean }[];
}

const operation = (operationId: string, more: object = {}) => ({
  operationId,
  summary: `Does ${operationId}`,
  responses: { 200: { description: 'ok' } },
  ...more,
});
const DESCRIPTION = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: '/api' }],
  paths: {
    '/orders': {
      get: operation('getOrders', {
        parameters: [{ name: 'state', in: 'query', schema: { type: 'string' } }],
      }),
      post: operation('twice'),
    },
    '/orders/{id}': { delete: operation('twice') },
  },
};

const serveMcp = mcpRoute((server) => {
  server.registerTool('add', { description: 'Adds.', inputSchema: { a: z.number() } }, () => ({
    content: [],
  }));
  server.registerTool('subtract', { description: 'Subtracts.' }, () => ({ content: [] }));
});
/** An MCP server that lists more tools than a model accepts. */
const serveMany = mcpRoute((server) => {
  for (let n = 0; n < 129; n++) server.registerTool(`t${n}`, {}, () => ({ content: [] }));
});

let stack: Stack;
let outside: HttpServer;

beforeAll(async () => {
  outside = await startHttpServer((call, response) => {
    if (call.path === '/mcp' && call.headers.authorization === 'Bearer opensesame1')
      return serveMcp(call, response);
    if (call.path === '/many') return serveMany(call, response);
    if (call.path === '/openapi.json') return sendJson(response, DESCRIPTION);
    if (call.path === '/hangs') return undefined;
    return sendJson(response, { error: 'no' }, 401);
  });
  stack = await sharedStack();
});
afterAll(() => outside?.close());

const mcp = (path: string, more: object = {}) => ({
  type: 'mcp',
  name: 'srv',
  url: outside.url + path,
  ...more,
});
const openapi = (operations: string[]) => ({
  type: 'openapi',
  name: 'api',
  spec_url: `${outside.url}/openapi.json`,
  operations,
});
const key = {
  headers: { authorization: 'Bearer {{ secrets.token }}' },
  secrets: { token: 'opensesame1' },
};

/** The warnings of an agent with these tools, from each way to save it. */
async function warningsOf(tools: object[], more: object = {}): Promise<Warning[]> {
  const body = { name: 'checked', model: 'sandbox:echo', tools, ...more };
  const made = await stack.request<{ id: string; warnings: Warning[] }>('POST', '/api/agents', body);
  expect(made.status).toBe(201);
  const path = `/api/agents/${made.body.id}`;
  const patched = await stack.request<{ warnings: Warning[] }>('PATCH', path, { description: 'again' });
  const put = await stack.request<{ warnings: Warning[] }>('PUT', path, { ...body, tools: masked(tools) });
  expect([patched.body.warnings, put.body.warnings]).toEqual([made.body.warnings, made.body.warnings]);
  expect((await stack.request('GET', path)).body).not.toHaveProperty('warnings');
  return made.body.warnings;
}

const masked = (tools: object[]) =>
  tools.map((tool) => ('secrets' in tool ? { ...tool, secrets: { token: true } } : tool));

const check = async (body: unknown): Promise<Check> => {
  const { status, body: found } = await stack.request<Check>('POST', '/api/tools/check', body);
  expect(status).toBe(200);
  return found;
};

describe('saving an agent', () => {
  test('warns of nothing if all works', async () => {
    expect(await warningsOf([mcp('/mcp', key), openapi(['getOrders', 'DELETE /orders/{id}'])])).toEqual([]);
    expect(await warningsOf([])).toEqual([]);
  });

  test('names operations and tools that do not exist', async () => {
    const warnings = await warningsOf([
      openapi(['getOrders', 'getOrder', 'twice']),
      mcp('/mcp', { ...key, allowed_tools: ['add', 'ad'] }),
    ]);
    expect(warnings).toEqual([
      {
        path: '/tools/0/operations/1',
        code: 'unknown_operation',
        detail: expect.stringContaining('getOrders'),
      },
      {
        path: '/tools/0/operations/2',
        code: 'duplicate_operation',
        detail: expect.stringContaining('POST /orders, DELETE /orders/{id}'),
      },
      {
        path: '/tools/1/allowed_tools/1',
        code: 'unknown_tool',
        detail: expect.stringContaining('add, subtract'),
      },
    ]);
  });

  test('names servers that are down, refuse, or hang, without hanging itself', async () => {
    const began = performance.now();
    const path = '/api/agents';
    const tools = [
      mcp('/hangs', { name: 'hangs' }),
      mcp('/mcp', { name: 'refuses' }),
      { ...mcp(''), name: 'down', url: `http://127.0.0.1:${await freePort()}/mcp` },
      { ...openapi(['a']), name: 'gone', spec_url: `${outside.url}/gone` },
    ];
    const { body } = await stack.request<{ warnings: Warning[] }>('POST', path, { name: 'dead', tools });
    expect(performance.now() - began).toBeLessThan(10_000);
    const at = (index: number, detail: RegExp, field = 'url') => ({
      path: `/tools/${index}/${field}`,
      code: 'tool_unavailable',
      detail: expect.stringMatching(detail),
    });
    expect(body.warnings).toEqual([
      at(0, /within 2\.5 seconds/),
      at(1, /401/),
      at(2, /Could not reach 127/),
      at(3, /HTTP 401/, 'spec_url'),
    ]);
  });

  test('names models that no worker can call, and too many tools', async () => {
    const models = {
      model: 'openai:gpt-5-mini',
      fallback_models: ['sandbox:echo', 'anthropic:claude-sonnet-4-5'],
    };
    expect(await warningsOf([], models)).toMatchObject([
      { path: '/model', code: 'provider_not_configured', detail: expect.stringContaining('OPENAI_API_KEY') },
      { path: '/fallback_models/1', code: 'provider_not_configured' },
    ]);
    expect(await warningsOf([mcp('/many')])).toMatchObject([
      { path: '/tools', code: 'too_many_tools', detail: expect.stringContaining('129 tools') },
    ]);
  });

  test.each([
    [
      'a secret that the tool does not have',
      [{ type: 'http', name: 'a', url: 'https://a.example/{{ secrets.tokne }}', secrets: { token: 'abc' } }],
      '/tools/0/url',
      /"tokne"/,
    ],
    [
      'two tools of one name',
      [
        { type: 'memory', name: 'a' },
        { type: 'documents', name: 'a' },
      ],
      '/tools/1/name',
      /"a"/,
    ],
  ])('refuses %s', async (_what, tools, path, detail) => {
    const refused = await stack.request('POST', '/api/agents', { name: 'refused', tools });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_tools', detail: expect.stringMatching(detail), errors: [{ path }] },
    });
  });
});

describe('POST /api/tools/check', () => {
  test('lists the operations of a description, the chosen ones first', async () => {
    const { tool, ...all } = { tool: openapi([]), ok: true };
    const { operations: _, name: _name, ...bare } = tool;
    expect(await check({ tool: bare })).toMatchObject({
      ...all,
      problems: [],
      tools: [
        {
          name: 'getOrders',
          description: 'Does getOrders',
          input_schema: { type: 'object', properties: { state: { type: 'string' } } },
          chosen: false,
        },
        { name: 'POST /orders', chosen: false },
        { name: 'DELETE /orders/{id}', chosen: false },
      ],
    });
    const found = await check({ tool: openapi(['delete /orders/{id}', 'nope']) });
    expect(found).toMatchObject({
      ok: false,
      problems: [{ path: '/operations/1', code: 'unknown_operation' }],
    });
    expect(found.tools[0]).toMatchObject({ name: 'DELETE /orders/{id}', chosen: true });
  });

  test('lists the tools of an MCP server, with secrets beside the tool or of a stored one', async () => {
    const { secrets, headers } = key;
    const tools = [
      {
        name: 'add',
        description: 'Adds.',
        input_schema: { properties: { a: { type: 'number' } } },
        chosen: true,
      },
      { name: 'subtract', chosen: false },
    ];
    const tool = mcp('/mcp', { headers, allowed_tools: ['add'] });
    expect(await check({ tool, secrets, model: 'sandbox:echo' })).toMatchObject({
      ok: true,
      problems: [],
      tools,
    });
    expect(await check({ ...tool, secrets })).toMatchObject({ ok: true, tools });
    const { id } = await stack.createAgent({ name: 'stores it', tools: [{ ...tool, secrets }] });
    const stored = { tool: { ...tool, secrets: { token: true } }, agent_id: id };
    expect(await check(stored)).toMatchObject({ ok: true, tools });
    const lost = await stack.request('POST', '/api/tools/check', { tool: stored.tool });
    expect(lost).toMatchObject({ status: 400, body: { errors: [{ path: '/tool/secrets/token' }] } });
  });

  test('says what is wrong, without the secret', async () => {
    const wrong = await check({ tool: mcp('/mcp', { ...key, secrets: { token: 'wrong-secret-1' } }) });
    expect(wrong).toMatchObject({
      ok: false,
      problems: [{ path: '/url', code: 'tool_unavailable' }],
      tools: [],
    });
    expect(JSON.stringify(wrong) + stack.logs()).not.toContain('wrong-secret-1');
    expect(await check({ tool: { type: 'postgres' } })).toMatchObject({
      problems: [{ path: '/secrets/url', code: 'invalid_tool' }],
    });
    expect(
      await check({ tool: mcp('/mcp', { headers: key.headers }), model: 'openai:gpt-5-mini' }),
    ).toMatchObject({
      problems: [
        { path: '/model', code: 'provider_not_configured' },
        { path: '/headers/authorization', code: 'invalid_tool', detail: expect.stringContaining('"token"') },
      ],
    });
    const unknown = await stack.request('POST', '/api/tools/check', { tool: { type: 'nope' } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
