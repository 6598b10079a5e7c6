import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sendRaw } from '../harness/index.js';
import { type Arena, startArena } from './arena.js';
import { crowd } from './crowd.js';
import { speak } from './sockets.js';
import { ATTACK_MS, ATTACKER, attack, repeatedly, times, withKey } from './wire.js';

/** Callers with or without a URL, and what the api does before it knows which. */

let arena: Arena;
beforeAll(async () => {
  arena = await startArena('doors');
});
afterAll(() => arena?.stop());

/** An object with this many unknown fields, and a list with this many wrong values. */
const fields = (count: number) => Object.fromEntries(times(count, (n) => [`k${n}`, 0]));
const zeros = (count: number) => times(count, () => 0);
const withTool = (tool: object) => ({
  name: 'x',
  tools: [{ type: 'http', name: 'a', url: 'http://x', ...tool }],
});

describe('bodies that are wrong in every part get a short error', () => {
  test.each<[string, string, unknown]>([
    ['a sign-in with 90,000 unknown fields', '/api/session', fields(90_000)],
    ['a list of 250,000 sign-ins', '/api/session', zeros(250_000)],
    ['a sign-in whose key is a list of 250,000', '/api/session', { api_key: zeros(250_000) }],
    ['an agent with 90,000 unknown fields', '/api/agents', fields(90_000)],
    ['250,000 wrong fallback models', '/api/agents', { name: 'x', fallback_models: zeros(250_000) }],
    ['250,000 tools', '/api/agents', { name: 'x', tools: zeros(250_000) }],
    ['60,000 headers of a tool', '/api/agents', withTool({ headers: fields(60_000) })],
    ['60,000 secrets of a tool', '/api/agents', withTool({ secrets: fields(60_000) })],
    ['a key with 90,000 unknown fields', '/api/keys', fields(90_000)],
  ])('%s', async (name, path, body) => {
    const text = JSON.stringify(body);
    // One connection; with a key if the route needs one, because the cost is the same.
    const headers = path === '/api/session' ? {} : withKey(arena.stack);
    const answers = await arena.beside(name, 'trigger', () =>
      repeatedly(ATTACK_MS, () => attack(arena.stack, 'POST', path, { body: text, headers })),
    );
    for (const { status, body: answered, headers } of answers) {
      expect([400, 413, 422, 429]).toContain(status);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(answered.length).toBeLessThan(10_000);
      expect(JSON.parse(answered).errors?.length ?? 0).toBeLessThanOrEqual(20);
    }
  });
});

test('a name of 60 KB of spaces, or of control characters, is refused at once', async () => {
  const { stack } = arena;
  const headers = withKey(stack);
  for (const name of [' '.repeat(60_000), `${' '.repeat(60_000)}x`, `x${' '.repeat(60_000)}x`]) {
    const answers = await arena.beside('a key whose name is 60 KB of spaces', 'trigger', () =>
      Promise.all(
        times(2, () => attack(stack, 'POST', '/api/keys', { body: { name, role: 'viewer' }, headers })),
      ),
    );
    for (const { status } of answers) expect([400, 413]).toContain(status);
  }
  for (const name of ['a\u001b[31m', 'a\u0000', 'a\nb', 'a\u0085', '\u202eadmin', '   ', '']) {
    const key = await attack(stack, 'POST', '/api/keys', { body: { name, role: 'viewer' }, headers });
    const agent = await attack(stack, 'POST', '/api/agents', { body: { name }, headers });
    expect([name, key.status, agent.status]).toEqual([name, 400, 400]);
  }
  const log = stack.logs();
  expect(log).not.toContain('\u001b[31m');
});

test('ten pages that try keys on a stream do not lock out the visitor’s network', async () => {
  const { stack } = arena;
  const page = {
    origin: 'https://evil.example',
    'sec-fetch-site': 'cross-site',
    'x-forwarded-for': '192.0.2.5',
  };
  const id = '00000000-0000-8000-8000-000000000000';
  await arena.beside('cross-origin requests with wrong keys', 'trigger', () =>
    Promise.all(
      times(25, async (n) => {
        const headers = { ...page, authorization: `Bearer wrong-${n}` };
        for (const path of [`/api/tasks/${id}/events`, `/api/task_status?task_id=${id}`])
          await attack(stack, 'GET', path, { headers });
        await attack(stack, 'POST', '/api/webhooks/agents/whk_nobody', { headers, body: {} });
      }),
    ),
  );
  // A browser asks first whether a page may send the header. If it could, its visitors' network would pay for
  // it.
  for (const path of [`/api/tasks/${id}/events`, '/api/task_status', '/api/agents']) {
    const asks = {
      ...page,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    };
    const { headers } = await attack(stack, 'OPTIONS', path, { headers: asks });
    expect([path, headers.get('access-control-allow-headers')?.toLowerCase() ?? '']).toEqual([
      path,
      expect.not.stringMatching(/authorization|\*/),
    ]);
  }
  const visitor = { 'x-forwarded-for': '192.0.2.5', ...withKey(stack) };
  expect((await attack(stack, 'GET', '/api/agents', { headers: visitor })).status).toBe(200);
});

test('the description of the API costs nothing to request again', async () => {
  const { stack } = arena;
  const first = await attack(stack, 'GET', '/openapi.json');
  const tag = first.headers.get('etag') ?? '';
  expect(tag).not.toBe('');
  await arena.beside('/openapi.json on four connections', 'trigger', () =>
    Promise.all(times(4, () => repeatedly(ATTACK_MS, () => attack(stack, 'GET', '/openapi.json')))),
  );
  const again = await attack(stack, 'GET', '/openapi.json', { headers: { 'if-none-match': tag } });
  expect([again.status, again.body]).toEqual([304, '']);
});

test(`an address that waits for results 10,400 times leaves room for others (${ATTACKER})`, async () => {
  const { stack } = arena;
  const { id } = await stack.createAgent({ name: 'Slow', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  const task = async (latency_ms: number) =>
    (await stack.trigger(token, { sandbox: { steps: [{ latency_ms }], reply: 'done' } })).body.task_id;
  const others = crowd(stack, `/api/task_status?task_id=${await task(60_000)}&wait=60`, 10_400);
  try {
    await others.opened;
    await arena.beside('10,400 callers that wait for one task', 'trigger', async () => {
      const path = `/api/task_status?task_id=${await task(1_000)}&wait=30`;
      const { body } = await attack(stack, 'GET', path, { headers: { 'x-forwarded-for': '192.0.2.44' } });
      expect(JSON.parse(body)).toMatchObject({ status: 'SUCCESS' });
    });
  } finally {
    others.leave();
  }
});

describe('an invalid id', () => {
  const suffixes = [
    ':versions',
    ':documents',
    ':texts',
    ':notes',
    ':note-order',
    ':rejections',
    ':rejected-bodies',
    ':filtered',
    ':filtered-bodies',
  ];
  const encodings = [
    (text: string) => text,
    encodeURIComponent,
    (text: string) => text.replace(':', '%253A'),
  ];
  test('reaches no key of the store, with any request', async () => {
    const { stack } = arena;
    const { id } = await stack.createAgent({ name: 'Whole', tools: [{ type: 'memory', name: 'notes' }] });
    const { token } = await stack.mintWebhook(id);
    await stack.request('POST', `/api/agents/${id}/documents?name=a.txt`, 'text', {
      'content-type': 'text/plain',
    });
    const odd = [
      ...suffixes.flatMap((suffix) => encodings.map((encode) => encode(id + suffix))),
      ...[
        '%00',
        '%0a',
        '..',
        '%2e%2e',
        '*',
        '__proto__',
        'constructor',
        'all',
        '{agenthook}',
        `${id}%20`,
      ].map(String),
      'a'.repeat(5_000),
    ];
    for (const other of odd) {
      const ask = (method: string, rest = '', body?: unknown) => {
        const json = body === undefined ? '' : JSON.stringify(body);
        const { authorization } = withKey(stack);
        const head = [
          `${method} /api/agents/${other}${rest} HTTP/1.1`,
          ...[
            'host: a',
            'connection: close',
            `authorization: ${authorization}`,
            `x-forwarded-for: ${ATTACKER}`,
          ],
          ...(body === undefined ? [] : ['content-type: application/json']),
          `content-length: ${json.length}`,
        ];
        // As bytes, because fetch resolves `..` itself.
        return sendRaw(stack.url, Buffer.from(`${head.join('\r\n')}\r\n\r\n${json}`));
      };
      const answers = await Promise.all([
        ask('GET'),
        ask('GET', '/versions'),
        ask('GET', '/documents'),
        ask('GET', '/rejections'),
        ask('GET', '/callbacks'),
        ask('POST', '/webhook', {}),
        ask('POST', '/test', { payload: {} }),
        ask('POST', '/preview', { payload: {} }),
        ask('PATCH', '', { name: 'taken' }),
        ask('DELETE', '/webhook'),
        ask('DELETE'),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect([other.slice(0, 60), statuses.filter((status) => status !== 404 && status !== 400)]).toEqual([
        other.slice(0, 60),
        [],
      ]);
    }
    const { body } = await stack.request<{ versions: unknown[] }>('GET', `/api/agents/${id}/versions`);
    expect(body.versions).toHaveLength(1);
    expect((await stack.trigger(token, { a: 1 })).status).toBe(200);
  });

  test('of a task, a key, a delivery or a document is unknown too', async () => {
    const { stack } = arena;
    const { id } = await stack.createAgent({ name: 'Whole' });
    const { token } = await stack.mintWebhook(id);
    const task = (await stack.trigger(token, {})).body.task_id;
    for (const other of [
      `${task}:lock`,
      `${task}%3Alock`,
      `${task}:logs`,
      'meta',
      'wait',
      'events',
      'a'.repeat(300),
    ]) {
      const asked = await Promise.all([
        attack(stack, 'GET', `/api/task_status?task_id=${other}`),
        attack(stack, 'GET', `/api/tasks/${other}/events`),
        ...['', '/cancel', '/replay'].map((rest) =>
          attack(stack, rest ? 'POST' : 'GET', `/api/tasks/${other}${rest}`, { headers: withKey(stack) }),
        ),
        attack(stack, 'DELETE', `/api/keys/${other}`, { headers: withKey(stack) }),
        attack(stack, 'DELETE', `/api/agents/${id}/documents/${other}`, { headers: withKey(stack) }),
        attack(stack, 'POST', `/api/agents/${id}/callbacks/${other}/resend`, { headers: withKey(stack) }),
        attack(stack, 'POST', `/api/agents/${id}/rejections/${other}/accept`, { headers: withKey(stack) }),
      ]);
      // 409: the agent has no callback to send again.
      const wrong = asked.filter(({ status }) => ![400, 404, 409].includes(status));
      expect([other.slice(0, 60), wrong.map(({ status, body }) => [status, body])]).toEqual([
        other.slice(0, 60),
        [],
      ]);
    }
    expect((await stack.poll(task)).status).toBe('SUCCESS');
  });

  test('a sender’s key is never part of one that could equal another key', async () => {
    const { stack } = arena;
    const { id } = await stack.createAgent({ name: 'Keys' });
    const { token } = await stack.mintWebhook(id);
    const keys = ['zz:PENDING', 'zz', 'zz:', 'a:b:SUCCESS', '{agenthook:0}', 'key:zz', 'zz:PENDING:1'];
    const sent = new Map<string, string>();
    for (const key of keys)
      sent.set(key, (await stack.trigger(token, { key }, { 'idempotency-key': key })).body.task_id);
    expect(new Set(sent.values()).size).toBe(keys.length);
    for (const scope of ['key:zz', 'key:zz:PENDING', 'key:a:b', 'all', 'index', '*', `${id}:PENDING`])
      for (const status of ['PENDING', 'SUCCESS', 'FAILURE', 'STARTED']) {
        const query = new URLSearchParams({ agent_id: scope, status });
        const listed = await stack.request<{ tasks?: unknown[] }>('GET', `/api/tasks?${query}`);
        expect([scope, listed.status < 500, listed.body.tasks ?? []]).toEqual([scope, true, []]);
      }
    for (const [key, taskId] of sent) {
      const query = new URLSearchParams({ q: key });
      const { body } = await stack.request<{ tasks: { task_id: string }[] }>('GET', `/api/tasks?${query}`);
      expect([key, body.tasks?.map(({ task_id }) => task_id)]).toEqual([key, [taskId]]);
    }
  });
});

describe('a request with an invalid head gets a regular error answer', () => {
  test.each<[string, string, number]>([
    ['two Host headers', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['two equal Host headers', 'GET /healthz HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n', 400],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['an invalid Host', 'GET /healthz HTTP/1.1\r\nHost: a b/c\r\n\r\n', 400],
    ['an unknown Expect', 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', 417],
    [
      'length and chunks',
      'POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['400 headers', `GET /healthz HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(400)}\r\n`, 431],
  ])('%s', async (_name, bytes, status) => {
    const heard = await speak(arena.stack, bytes);
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(heard.toLowerCase()).toContain('content-type: application/problem+json');
    expect(heard.toLowerCase()).toContain('x-content-type-options: nosniff');
  });
});

test('pages, answers and errors declare their type', async () => {
  for (const path of [
    '/',
    '/docs',
    '/docs/',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/metrics',
    '/api/agents',
    '/nowhere',
  ]) {
    const { headers } = await attack(arena.stack, 'GET', path);
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
  }
});
