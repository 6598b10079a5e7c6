import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env.close());

async function webhookOf(input: object = {}): Promise<string> {
  const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } });
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${created.json().id}/webhook` });
  return `/api/webhooks/agents/${minted.json().token}`;
}
const jobs = async () => (await env.ctx.queues[0]?.count()) ?? 0;
const payloadOf = async (taskId: string) => (await env.ctx.queues[0]?.getJob(taskId))?.data.payload;

test.each([
  ['application/x-www-form-urlencoded', 'a=1'],
  ['Application/X-WWW-Form-Urlencoded; charset=UTF-8', 'a=1'],
  ['APPLICATION/JSON', '{"a":"1"}'],
])('media types are case-insensitive: %s', async (type, payload) => {
  const url = await webhookOf();
  const answer = await env.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
  expect(await payloadOf(answer.json().task_id)).toEqual({ a: '1' });
});

test.each(['identity', 'Identity', 'UTF-8', 'utf8', 'none'])(
  'the Content-Encoding %s counts as none',
  async (coding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const answer = await env.app.inject({ method: 'POST', url: await webhookOf(), payload: '{}', headers });
    expect(answer.statusCode).toBe(200);
  },
);

describe('Idempotency-Key', () => {
  const post = (url: string, payload: object, key?: string) =>
    env.app.inject({
      method: 'POST',
      url,
      payload,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });

  test('returns the first answer again on a retry, marked as such', async () => {
    const url = await webhookOf();
    const first = await post(url, { a: 1 }, 'key-1');
    const again = await post(url, { a: 1 }, 'key-1');
    expect([first.statusCode, again.statusCode]).toEqual([200, 200]);
    expect(first.json()).toEqual({ success: true, task_id: expect.any(String) });
    expect(again.body).toBe(first.body);
    expect(again.headers.location).toBe(first.headers.location);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await post(url, { a: 1 })).headers['idempotent-replayed']).toBeUndefined();
    expect(await jobs()).toBe(2);
  });

  test('counts as none if it is empty', async () => {
    const url = await webhookOf();
    const [first, second] = [await post(url, { a: 1 }, ''), await post(url, { a: 1 }, '')];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    expect(second.json().task_id).not.toBe(first.json().task_id);
  });

  test('with another body is refused', async () => {
    const url = await webhookOf();
    await post(url, { a: 1 }, 'key-1');
    const other = await post(url, { a: 2 }, 'key-1');
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(await jobs()).toBe(1);
  });

  test.each([['a b'], ['k'.repeat(257)]])('with an invalid form is refused: %.10j', async (key) => {
    const answer = await post(await webhookOf(), {}, key);
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_idempotency_key' });
    expect(await jobs()).toBe(0);
  });

  test('may be sent by pages of other origins, which may read its answer', async () => {
    const url = await webhookOf();
    const origin = { origin: 'https://form.example.com' };
    const asked = {
      ...origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'idempotency-key',
    };
    const preflight = await env.app.inject({ method: 'OPTIONS', url, headers: asked });
    expect(preflight.headers['access-control-allow-headers']).toContain('idempotency-key');
    const answer = await env.app.inject({ method: 'POST', url, payload: {}, headers: origin });
    expect(answer.headers['access-control-expose-headers']).toMatch(/idempotent-replayed/i);
  });
});

describe('input_schema', () => {
  const input_schema = {
    type: 'object',
    required: ['question'],
    properties: { question: { type: 'string' }, stars: { maximum: 5 } },
  };
  const post = (url: string, payload: object) => env.app.inject({ method: 'POST', url, payload });

  test('refuses what does not match, names each path, and stores nothing', async () => {
    const url = await webhookOf({ input_schema });
    const answer = await post(url, { stars: 6 });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_payload' });
    expect(
      answer
        .json()
        .errors.map(({ path }: { path: string }) => path)
        .sort(),
    ).toEqual(['/question', '/stars']);
    expect(await jobs()).toBe(0);
    expect((await post(url, { question: 'hi', stars: 5 })).statusCode).toBe(200);
    expect(await jobs()).toBe(1);
  });

  test('applies from the save that adds it until the save that removes it', async () => {
    const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } });
    const agent = `/api/agents/${created.json().id}`;
    const { token } = (await env.admin({ method: 'POST', url: `${agent}/webhook` })).json();
    const url = `/api/webhooks/agents/${token}`;
    const patch = (payload: object) => env.admin({ method: 'PATCH', url: agent, payload });
    const statuses = [(await post(url, {})).statusCode];
    for (const schema of [input_schema, { type: 'object' }, { type: 'array' }, null]) {
      expect((await patch({ input_schema: schema })).statusCode).toBe(200);
      statuses.push((await post(url, {})).statusCode);
    }
    expect(statuses).toEqual([200, 422, 200, 422, 200]);
  });

  test.each(['{"minimum": "1e999"}', '{"maxLength": -1}'])('%s is refused on save', async (schema) => {
    const answer = await env.admin({
      method: 'POST',
      url: '/api/agents',
      headers: { 'content-type': 'application/json' },
      payload: `{"name": "a", "input_schema": ${schema}}`,
    });
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_schema' });
  });

  test('that is invalid is refused on save', async () => {
    const payload = { name: 'a', input_schema: { type: 'text' } };
    const answer = await env.admin({ method: 'POST', url: '/api/agents', payload });
    expect(answer.json()).toMatchObject({
      status: 422,
      code: 'invalid_schema',
      errors: [{ path: '/input_schema' }],
    });
  });
});

describe('GET if the agent allows it', () => {
  const allowed = () => webhookOf({ allow_get: true });

  test('runs with the query string as the payload', async () => {
    const url = await allowed();
    const answer = await env.app.inject(`${url}?a=1&b=2&b=3&c=%C3%BC+x&payload=p`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await payloadOf(answer.json().task_id)).toEqual({ a: '1', b: ['2', '3'], c: 'ü x', payload: 'p' });
  });

  test('supports an Idempotency-Key and an input_schema too', async () => {
    const url = await webhookOf({ allow_get: true, input_schema: { required: ['a'] } });
    const get = (query: string) => env.app.inject({ url: url + query, headers: { 'idempotency-key': 'k' } });
    expect((await get('?b=1')).json()).toMatchObject({ code: 'invalid_payload' });
    const first = await get('?a=1');
    expect((await get('?a=1')).headers['idempotent-replayed']).toBe('true');
    expect((await get('?a=1')).body).toBe(first.body);
    expect((await get('?a=2')).json()).toMatchObject({ code: 'idempotency_key_reused' });
  });

  test.each([
    ['', 'empty_body'],
    ['?', 'empty_body'],
    ['?__proto__=1', 'invalid_form'],
    ['?%5f_proto__=1', 'invalid_form'],
    ['?a=%EB', 'invalid_form'],
    [`?${Array.from({ length: 1_001 }, (_, n) => `f${n}`).join('&')}`, 'invalid_form'],
  ])('refuses %.20j as it would a form', async (query, code) => {
    expect((await env.app.inject((await allowed()) + query)).json()).toMatchObject({ status: 400, code });
    expect(await jobs()).toBe(0);
  });

  test('does not make HEAD run anything', async () => {
    const answer = await env.app.inject({ method: 'HEAD', url: `${await allowed()}?a=1` });
    expect([answer.statusCode, answer.body]).toEqual([405, '']);
    expect(await jobs()).toBe(0);
  });

  test('reveals nothing about other tokens: unknown, revoked and disallowed ones get the same answer', async () => {
    const token = `whk_${'A'.repeat(43)}`;
    const urls = [
      await webhookOf(),
      await webhookOf({ status: 'disabled' }),
      `/api/webhooks/agents/${token}`,
    ];
    const answers = await Promise.all(
      [...urls, '/api/webhooks/agents/x'].map((url) => env.app.inject(`${url}?a=1`)),
    );
    for (const { statusCode, body } of answers) expect([statusCode, body]).toEqual([405, answers[0]?.body]);
    const disabled = await webhookOf({ status: 'disabled', allow_get: true });
    expect((await env.app.inject(`${disabled}?a=1`)).json()).toMatchObject({ code: 'agent_disabled' });
    expect(await jobs()).toBe(0);
  });
});

describe('limits', () => {
  const post = (url: string) => env.app.inject({ method: 'POST', url, payload: {} });

  test('of the rate say how many tasks are left, and then when to come back', async () => {
    const url = await webhookOf({ limits: { rate_per_minute: 2 } });
    const first = await post(url);
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"tasks";q=2;w=60', ratelimit: '"tasks";r=1' });
    await post(url);
    const refused = await post(url);
    expect(refused.json()).toMatchObject({ status: 429, code: 'rate_limited' });
    const wait = refused.headers['retry-after'];
    expect(refused.headers.ratelimit).toBe(`"tasks";r=0;t=${wait}`);
    expect(Number(wait)).toBeGreaterThan(20);
    expect((await post(await webhookOf())).headers).not.toHaveProperty('ratelimit');
  });

  test('of the backlog say when to come back', async () => {
    const url = await webhookOf({ limits: { max_pending: 1 } });
    await post(url);
    const refused = await post(url);
    expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_pending' });
    expect(refused.headers['retry-after']).toBe('10');
  });

  test('that are invalid are refused on save', async () => {
    for (const limits of [{ rate_per_minute: 0 }, { max_pending: 0 }, { max_pending: null }]) {
      const payload = { name: 'a', limits };
      const answer = await env.admin({ method: 'POST', url: '/api/agents', payload });
      expect([limits, answer.json().code]).toEqual([limits, 'invalid_request']);
    }
  });
});
