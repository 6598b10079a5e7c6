import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type HttpServer,
  redisText,
  type Stack,
  startHttpServer,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

/** Included in everything that a key without `see_payloads` may not see. */
const MARKER = 'Zx81-what-came-in';

let stack: Stack;
let receiver: HttpServer;

beforeAll(async () => {
  receiver = await startHttpServer((_call, response) => response.end(`thanks for ${MARKER}`));
  stack = await startStack({ apis: 2, env: { EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'trace' } });
});
afterAll(async () => {
  await stack?.stop();
  await receiver?.close();
});

interface Key {
  id: string;
  key: string;
}

async function makeKey(rights: object): Promise<Key> {
  const made = await stack.request<Key>('POST', '/api/keys', { name: 'Test', role: 'viewer', ...rights });
  expect(made.status).toBe(201);
  return made.body;
}

/** The answers of both api processes to a read with these headers. */
const statuses = (headers: Record<string, string>) =>
  Promise.all(stack.apis.map(async ({ url }) => (await fetch(`${url}/api/agents`, { headers })).status));

async function signIn(api_key: string): Promise<{ cookie: string }> {
  const answer = await fetch(`${stack.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api_key }),
  });
  expect(answer.status).toBe(200);
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}

test('every process refuses a revoked key and its session at once', async () => {
  const { id, key } = await makeKey({ role: 'operator' });
  const header = { authorization: `Bearer ${key}` };
  const session = await signIn(key);
  expect([await statuses(header), await statuses(session)]).toEqual([
    [200, 200],
    [200, 200],
  ]);
  expect((await stack.request('DELETE', `/api/keys/${id}`)).status).toBe(204);
  expect([await statuses(header), await statuses(session)]).toEqual([
    [401, 401],
    [401, 401],
  ]);
});

test('a key expires on time', async () => {
  const expires_at = new Date(Date.now() + 5_000).toISOString();
  const { key } = await makeKey({ expires_at });
  const header = { authorization: `Bearer ${key}` };
  expect(await statuses(header)).toEqual([200, 200]);
  await until('the key expires', () => Date.now() > Date.parse(expires_at));
  expect(await statuses(header)).toEqual([401, 401]);
});

test('keys and sessions appear in no log line and not in Redis; the author of a change is logged', async () => {
  const { id, key } = await makeKey({ role: 'admin' });
  const { cookie } = await signIn(key);
  const authorization = `Bearer ${key}`;
  const made = await stack.request<{ id: string }>('POST', '/api/agents', { name: 'a' }, { authorization });
  await stack.request('DELETE', `/api/agents/${made.body.id}`, undefined, { authorization });
  await until('the line of the log', () =>
    stack.logs().includes('"method":"DELETE","route":"/api/agents/:id"'),
  );
  const line = stack
    .logs()
    .split('\n')
    .find((text) => text.includes('"DELETE"') && text.includes(made.body.id));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ status: 204, key_id: id, id: made.body.id });
  const everything = stack.logs() + (await redisText(stack.redisUrl));
  for (const secret of [key, key.slice(4), cookie.split('=')[1] ?? '']) {
    expect(secret.length).toBeGreaterThan(40);
    expect(everything.includes(secret)).toBe(false);
  }
});

/** The reading routes of a role, and of those who see more with a key. */
async function readingRoutes(values: Record<string, string>, role: string): Promise<string[]> {
  const { paths } = (await (await fetch(`${stack.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security?: unknown[]; 'x-required-role'?: string }>>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) =>
    // A file is not listed by its task's route, and has a test of its own.
    get?.security && includes(role, get['x-required-role']) && !path.includes('{index}')
      ? [
          path
            .replace(/^(\/api\/([\w-]+))\/\{id\}/, (_all, _path, kind) => `/api/${kind}/${values[kind]}`)
            .replace('{version}', '1')
            .replace('{delivery_id}', values.deliveries ?? '')
            .replace(/histogram$/, 'histogram?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'),
        ]
      : [],
  );
}

/** Whether a role may use a route that requires this one. */
const includes = (role: string, required: string | undefined): boolean =>
  required !== 'admin' && (required !== 'operator' || role === 'operator');

/** Fails a run whose event has the marker. Returns the ids of its alert, and of the rule and the channel. */
async function startAlert(agent_id: string, token: string): Promise<Record<string, string>> {
  const made = async (path: string, body: object) =>
    (await stack.request<{ id: string }>('POST', path, body)).body.id;
  const channel = { name: 'on-call', type: 'webhook', url: `${receiver.url}/on-call` };
  const rule = { name: 'Failures', type: 'first_failure', agent_id, channels: [channel.name] };
  const ids = {
    'notify-channels': await made('/api/notify-channels', channel),
    'alert-rules': await made('/api/alert-rules', rule),
  };
  await stack.trigger(token, { [MARKER]: MARKER, sandbox: { steps: [{ fail: 'auth' }], reply: MARKER } });
  const alerts = await until('an alert opens', async () => {
    const { body } = await stack.request<{ alerts: { id: string }[] }>('GET', '/api/alerts');
    return body.alerts[0]?.id;
  });
  return { ...ids, alerts };
}

test('a key that may not see payloads sees neither the files of an event nor their names', async () => {
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'With files' })).id);
  const body = new FormData();
  body.append('report', new Blob([MARKER]), `${MARKER}.bin`);
  const posted = await fetch(`${stack.url}/api/webhooks/agents/${token}`, { method: 'POST', body });
  const { task_id } = (await posted.json()) as { task_id: string };
  await stack.poll(task_id);
  const blind = await makeKey({ role: 'operator', see_payloads: false });
  const read = async (path: string, key: string) => {
    const answer = await fetch(stack.url + path, { headers: { authorization: `Bearer ${key}` } });
    return { status: answer.status, shows: (await answer.text()).includes(MARKER) };
  };
  for (const [path, refused] of [
    [`/api/tasks/${task_id}`, 200],
    [`/api/tasks/${task_id}/attachments/0`, 403],
  ] as const) {
    expect([path, await read(path, stack.adminKey)]).toEqual([path, { status: 200, shows: true }]);
    expect([path, await read(path, blind.key)]).toEqual([path, { status: refused, shows: false }]);
  }
});

test('no route shows payloads to a key that may not see them', async () => {
  const callback = { url: `${receiver.url}/done` };
  const conversation = { key: '{{ payload.about }}' };
  const agent = await stack.createAgent({ name: 'Secretive', callback, conversation, sandbox_tools: true });
  const { token } = await stack.mintWebhook(agent.id);
  const steps = [{ text: MARKER, tool: { name: 'none', arguments: { a: MARKER } } }];
  const event = { [MARKER]: MARKER, about: MARKER, sandbox: { steps, reply: MARKER } };
  const headers = { 'x-github-event': MARKER, 'idempotency-key': MARKER };
  const { task_id } = (await stack.trigger(token, event, headers)).body;
  const state = await stack.poll(task_id);
  expect(JSON.stringify(state)).toContain(MARKER);
  expect((await stack.trigger(token, `[${MARKER}]`, headers)).status).toBe(400);

  const delivery = await until('the delivery is kept', async () => {
    const { body } = await stack.request<{ callbacks: { id: string }[] }>(
      'GET',
      `/api/agents/${agent.id}/callbacks`,
    );
    return body.callbacks[0]?.id;
  });
  const { conversation_id } = state as { conversation_id?: string };
  const values = {
    agents: agent.id,
    tasks: task_id,
    conversations: String(conversation_id),
    bulk: (await stack.request<{ id: string }>('POST', '/api/bulk', { action: 'resend', ids: [delivery] }))
      .body.id,
    deliveries: delivery,
    ...(await startAlert(agent.id, token)),
  };
  const read = async (key: string, role: string) => {
    const shown: string[] = [];
    for (const path of await readingRoutes(values, role)) {
      const answer = await fetch(stack.url + path, { headers: { authorization: `Bearer ${key}` } });
      const text = await answer.text();
      expect([path, answer.status]).toEqual([path, 200]);
      if (text.includes(MARKER)) shown.push(path);
    }
    return shown.sort();
  };
  const holders = [
    '/api/tasks',
    `/api/agents/${agent.id}/callbacks`,
    `/api/agents/${agent.id}/callbacks/${delivery}/request`,
    `/api/agents/${agent.id}/rejections`,
    `/api/conversations/${conversation_id}`,
    `/api/tasks/${task_id}`,
  ];
  await until('the rejection and the delivery are kept', async () => {
    const shown = await read(stack.adminKey, 'operator');
    return holders.every((path) => shown.includes(path));
  });
  for (const role of ['viewer', 'operator']) {
    const { key } = await makeKey({ role, see_payloads: false });
    expect(await read(key, role)).toEqual([]);
  }

  const { key } = await makeKey({ role: 'operator', see_payloads: false });
  const authorization = `Bearer ${key}`;
  const trace = await stack.request('GET', `/api/tasks/${task_id}`, undefined, { authorization });
  expect(trace.body).toMatchObject({
    ...{ status: 'SUCCESS', redacted: true, payload: null, headers: null, prompt: null },
    result: { model: 'sandbox:echo', steps: 2, tool_calls: [{ name: 'none', failed: true }] },
    steps: [{ tool_calls: [{ name: 'none', failed: true }] }, { tool_calls: [] }],
  });
  const { rejections } = (
    await stack.request<{ rejections: { id: string }[] }>(
      'GET',
      `/api/agents/${agent.id}/rejections`,
      undefined,
      { authorization },
    )
  ).body;
  const accept = `/api/agents/${agent.id}/rejections/${rejections[0]?.id}/accept`;
  const refused = await stack.request('POST', accept, undefined, { authorization });
  expect(refused.body).toMatchObject({ status: 400, code: 'invalid_json' });
  expect(JSON.stringify(refused.body)).not.toContain(MARKER.slice(0, 3));
});

test("while Redis is down, the environment's key still works, and stored keys are neither right nor wrong", async () => {
  const redis = await startRedisServer();
  const own = await startStack({ redisUrl: redis.url, workers: 0 });
  try {
    const made = await own.request<Key>('POST', '/api/keys', { name: 'Test', role: 'viewer' });
    await redis.down();
    const stored = { authorization: `Bearer ${made.body.key}` };
    const answers = [
      await own.request('GET', '/api/tools'),
      await own.request('GET', '/api/tools', undefined, stored),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(answers[1]?.body).toMatchObject({ code: 'redis_unavailable' });
  } finally {
    await own.stop();
    await redis.stop();
  }
});
