import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import {
  type ModelServer,
  type ScriptedToolCall,
  startOpenAiServer,
  startPostgres,
  type TaskBody,
  withPostgres,
} from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';
import { type Arena, startArena } from './arena.js';
import { redirectedTools } from './redirected-tools.js';
import { times } from './wire.js';

/**
 * Who can cause calls of an agent's tools, and where the requests end up. The model is on the attacker's
 * side.
 */

const SECRET = 'tool-secret-4f1c88e0b2';
const PRIVATE_TEXT = 'the payload of a customer';

let model: ModelServer;
/** The agent's own server, which redirects requests elsewhere. */
let own: HttpServer;
/** A stranger's server. */
let foreign: HttpServer;
let arena: Arena;

beforeAll(async () => {
  model = await startOpenAiServer();
  foreign = await startHttpServer((_call, response) => sendJson(response, { got: 'it' }));
  own = await startHttpServer((call, response) => {
    const query = new URL(call.path, own.url).searchParams;
    const [status, to] = [Number(query.get('status') ?? 307), query.get('to')];
    if (to === null) return sendJson(response, { ok: true });
    return response.writeHead(status, { location: to === 'foreign' ? `${foreign.url}/taken` : to }).end();
  });
  arena = await startArena('tools', {
    env: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-of-nobody-0123456789' },
  });
});
afterAll(async () => {
  await arena?.stop();
  await Promise.all([model, own, foreign].map((server) => server?.close()));
});

const agentOf = async (agent: Record<string, unknown>) => {
  const { id } = await arena.stack.createAgent({ name: 'Target', limits: { max_attempts: 1 }, ...agent });
  return { id, token: (await arena.stack.mintWebhook(id)).token };
};

/** Runs one task in whose single turn the model makes these calls. */
async function obey(tools: object[], calls: ScriptedToolCall[], payload: object = {}): Promise<TaskBody> {
  const { token } = await agentOf({ model: 'compatible:test-model', tools });
  model.forget();
  model.respond({ tool_calls: calls }, { text: 'done' });
  const { body } = await arena.stack.trigger(token, payload);
  return arena.stack.poll(body.task_id, { timeoutMs: 30_000 });
}

describe('a sender’s sandbox script', () => {
  const tool = () => ({ type: 'http', name: 'call', method: 'POST', url: `${own.url}/charge` });
  const script = {
    sandbox: { steps: [{ text: 'first' }, { tool: { name: 'call', arguments: { n: 1 } } }], reply: 'said' },
  };

  test.each<[string, Record<string, unknown>]>([
    ['of an agent that names no model', {}],
    ['of the sandbox', { model: 'sandbox:echo' }],
    [
      'whose model is down and falls back on the sandbox',
      { model: 'anthropic:x', fallback_models: ['sandbox:echo'] },
    ],
  ])('calls no tool %s', async (_what, agent) => {
    own.calls.length = 0;
    const { id, token } = await agentOf({ ...agent, tools: [tool()] });
    const send = async (webhook: string) => (await arena.stack.trigger(webhook, script)).body.task_id;
    const task = await arena.beside('a sandbox script that calls tools', 'run', async () =>
      arena.stack.poll(await send(token)),
    );
    expect(task.result.tool_calls ?? []).toEqual([]);
    // Nor when someone with a key runs the sender's payload again.
    const again = await arena.stack.request<{ task_id: string }>(
      'POST',
      `/api/tasks/${task.task_id}/replay`,
      {},
    );
    if (again.status < 300)
      expect((await arena.stack.poll(again.body.task_id)).result.tool_calls ?? []).toEqual([]);
    expect(own.calls).toEqual([]);

    // The agent's owners test its tools with a key, or allow them.
    const tested = await arena.stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, {
      payload: script,
    });
    await arena.stack.poll(tested.body.task_id);
    if (agent.fallback_models === undefined) {
      expect(own.calls.map(({ path }) => path)).toEqual(['/charge']);
    }
  });

  test('plays its texts, waits and failures for everyone', async () => {
    const { token } = await agentOf({ tools: [tool()], limits: { max_attempts: 2 } });
    const steps = [{ text: 'hm', latency_ms: 5, tokens: 7 }];
    const { body } = await arena.stack.trigger(token, { sandbox: { steps, reply: 'said' } });
    expect(await arena.stack.poll(body.task_id)).toMatchObject({
      status: 'SUCCESS',
      result: { answer: 'said', usage: { output_tokens: 7 } },
    });
    const failing = { sandbox: { steps: [{ fail: 'auth' }] } };
    const { body: failed } = await arena.stack.trigger(token, failing);
    expect(await arena.stack.poll(failed.task_id)).toMatchObject({
      result: { error: { code: 'model_auth' } },
    });
  });

  test('calls tools if the agent allows it', async () => {
    own.calls.length = 0;
    const { token } = await agentOf({ tools: [tool()], sandbox_tools: true });
    const { body } = await arena.stack.trigger(token, script);
    expect(await arena.stack.poll(body.task_id)).toMatchObject({
      status: 'SUCCESS',
      result: { answer: 'said' },
    });
    expect(own.calls).toHaveLength(1);
  });
});

describe('a redirect to another origin', () => {
  const redirected = redirectedTools(() => own, SECRET, PRIVATE_TEXT);
  test.each(redirected)('%s carries neither body nor secret', async (_name, make) => {
    foreign.calls.length = 0;
    const { tool, call } = make();
    await obey([tool], [call]);
    const leaked = JSON.stringify(foreign.calls);
    expect(leaked).not.toContain(SECRET);
    expect(leaked).not.toContain(PRIVATE_TEXT);
    expect(foreign.calls.map(({ body }) => body).filter(Boolean)).toEqual([]);
  });

  test('of a callback is not followed', async () => {
    foreign.calls.length = 0;
    const { token } = await agentOf({
      model: 'sandbox:echo',
      callback: { url: `${own.url}/cb?status=307&to=foreign` },
    });
    own.calls.length = 0;
    const { body } = await arena.stack.trigger(token, { sandbox: { reply: PRIVATE_TEXT } });
    await arena.stack.poll(body.task_id);
    for (let n = 0; n < 100 && own.calls.length === 0; n++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(own.calls.length).toBeGreaterThan(0);
    expect(foreign.calls).toEqual([]);
  });

  test('of a page never leaves its allowed hosts', async () => {
    foreign.calls.length = 0;
    const { hostname } = new URL(own.url);
    const tools = [{ type: 'web_page', name: 'read', allowed_hosts: ['docs.example.com', '*.example.org'] }];
    const urls = [
      `${own.url}/`,
      `http://docs.example.com@${hostname}:${own.port}/`,
      `http://${hostname}:${own.port}/?docs.example.com`,
      `http://${hostname}:${own.port}#.example.org`,
      `http://docs.example.com.${hostname}.nip.io:${own.port}/`,
    ];
    own.calls.length = 0;
    const task = await obey(
      tools,
      urls.map((url) => ({ name: 'read', arguments: { url } })),
    );
    expect(task.result.tool_calls.map(({ error }: { error: string | null }) => error !== null)).toEqual(
      urls.map(() => true),
    );
    expect(own.calls).toEqual([]);
  });
});

describe('a URL that is long', () => {
  test.each<[string, string]>([
    ['14,000 dots', `http://${'.'.repeat(14_000)}`],
    ['14,000 dots behind a host', `http://a${'.'.repeat(14_000)}b/`],
    ['7,000 labels', `http://${'a.'.repeat(7_000)}`],
    ['14,000 slashes', `/${'/'.repeat(14_000)}`],
    ['5,000 steps up', '/..'.repeat(5_000)],
    ['encoded dots', `http://${'%2e'.repeat(4_000)}/`],
    ['a user name of 14,000', `http://${'@'.repeat(14_000)}/`],
    ['letters of other alphabets', `http://${encodeURI('ü').repeat(2_000)}.example/`],
  ])('of %s, in Location and from a model', async (name, to) => {
    const tools = [
      {
        type: 'http',
        name: 'call',
        url: `${own.url}/a?to={{ args.to }}`,
        parameters: { type: 'object', properties: { to: { type: 'string' } } },
      },
      { type: 'web_page', name: 'read' },
    ];
    const task = await arena.beside(`an address of ${name}`, 'run', () =>
      obey(tools, [
        ...times(3, () => ({ name: 'call', arguments: { to: to.slice(0, 7_500) } })),
        ...times(3, () => ({ name: 'read', arguments: { url: to } })),
        { name: 'read', arguments: { url: to.repeat(20) } },
      ]),
    );
    expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: 'done' } });
  });
});

withPostgres(test)('a role that may read the server’s files reads nothing', async () => {
  const database = await startPostgres();
  try {
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`
        CREATE TABLE orders (n int); INSERT INTO orders VALUES (1);
        CREATE ROLE reader LOGIN PASSWORD 'p'; GRANT SELECT ON orders TO reader;
        CREATE ROLE replica LOGIN REPLICATION PASSWORD 'p';
        CREATE ROLE files LOGIN PASSWORD 'p'; GRANT pg_read_server_files TO files;
        CREATE ROLE hidden LOGIN NOINHERIT PASSWORD 'p'; GRANT postgres TO hidden;`);
    await admin.end();
    const as = (role: string) => {
      const url = new URL(database.url);
      if (role !== 'postgres') [url.username, url.password] = [role, 'p'];
      return url.href;
    };
    const read = async (role: string, sql: string) => {
      const tools = [{ type: 'postgres', name: 'db', secrets: { url: as(role) } }];
      const task = await obey(tools, [{ name: 'db', arguments: { query: sql } }]);
      return JSON.stringify(task.result.tool_calls?.[0] ?? task.result.error);
    };
    expect(await read('reader', 'SELECT n FROM orders')).toContain('"error":null');
    for (const role of ['postgres', 'replica', 'files', 'hidden'])
      for (const sql of ['SELECT 1 AS n', `SELECT pg_read_file('/etc/hostname')`])
        expect([role, await read(role, sql)]).toEqual([role, expect.stringMatching(/Refused|privileged/)]);
  } finally {
    await database.stop();
  }
});
