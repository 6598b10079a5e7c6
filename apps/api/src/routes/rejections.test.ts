import { createHmac } from 'node:crypto';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

const input_schema = { type: 'object', required: ['question'] };

async function agentWith(input: object = {}) {
  const { id } = (
    await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } })
  ).json();
  const { token } = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json();
  const url = `/api/agents/${id}/rejections`;
  return {
    id,
    url,
    hook: `/api/webhooks/agents/${token}`,
    post: (payload: string | object, headers: Record<string, string> = {}) =>
      env.app.inject({
        method: 'POST',
        url: `/api/webhooks/agents/${token}`,
        payload,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    list: async (query = '') => (await env.admin({ url: url + query })).json(),
    /** Answers do not wait for the write, so the test does. */
    kept: (count: number) =>
      until(`${count} kept`, async () => {
        const { rejections } = (await env.admin({ url: `${url}?limit=100` })).json();
        return rejections.length === count && rejections;
      }),
    /** On a busy machine, the first attempt may not compile the schema in time. */
    accept: (id: string) =>
      until('no 503', async () => {
        const answer = await env.admin({ method: 'POST', url: `${url}/${id}/accept` });
        return answer.statusCode !== 503 && answer;
      }),
    patch: (payload: object) => env.admin({ method: 'PATCH', url: `/api/agents/${id}`, payload }),
  };
}
const jobs = async () => (await env.ctx.queues[0]?.count()) ?? 0;

describe('a kept rejection', () => {
  test('has the reason and the request, without possible credentials', async () => {
    const agent = await agentWith({ input_schema });
    const answer = await agent.post('{"text": "hi"}', {
      authorization: 'Bearer hunter2',
      cookie: 'sid=hunter2',
      'x-hub-signature-256': 'sha256=hunter2',
      'x-api-key': 'hunter2',
      'x-github-event': 'issues',
      'idempotency-key': 'key-1',
    });
    const [rejection] = await agent.kept(1);
    const { code, status, detail, errors } = answer.json();
    expect(rejection).toMatchObject({
      ...{ code, status, detail, errors },
      id: expect.stringMatching(/^rej_[0-9a-f]{28}$/),
      method: 'POST',
      content_type: 'application/json',
      body: '{"text": "hi"}',
      body_bytes: 14,
      truncated: false,
      accepted: null,
    });
    expect(rejection.headers).toMatchObject({
      authorization: null,
      cookie: null,
      'x-hub-signature-256': null,
      'x-api-key': null,
      'x-github-event': 'issues',
      'idempotency-key': 'key-1',
    });
    expect(
      JSON.stringify(await env.ctx.redis.hgetall(`{agenthook}:agent:${agent.id}:rejections`)),
    ).not.toContain('hunter2');
  });

  test.each<[string, string | Buffer, Record<string, string>, string, number]>([
    ['no JSON', '{"a":', {}, 'invalid_json', 400],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), {}, 'invalid_json', 400],
    ['nothing', '', {}, 'empty_body', 400],
    ['nothing, compressed', '', { 'content-encoding': 'gzip' }, 'empty_body', 400],
    ['too deep', '['.repeat(100) + ']'.repeat(100), {}, 'payload_too_deep', 400],
    ['a bad key', '{}', { 'idempotency-key': 'a b' }, 'invalid_idempotency_key', 400],
    ['another charset', '{"a":1}', { 'content-type': 'text/xml; charset=utf-7' }, 'invalid_text', 400],
    ['compressed badly', '{"a":1}', { 'content-encoding': 'gzip' }, 'invalid_encoding', 400],
    ['an unknown coding', '{"a":1}', { 'content-encoding': 'lzma' }, 'unsupported_media_type', 415],
    ['too much', 'x'.repeat(1024 * 1024 + 1), {}, 'payload_too_large', 413],
  ])('%s', async (_what, payload, headers, code, status) => {
    const agent = await agentWith();
    expect((await agent.post(payload, headers)).statusCode).toBe(status);
    const [rejection] = await agent.kept(1);
    const unread = status === 413;
    expect(rejection).toMatchObject({ code, status, truncated: unread, body_bytes: payload.length });
    expect(rejection.body).toBe(unread ? '' : payload.toString());
    if (unread) {
      const refused = await agent.accept(rejection.id);
      expect(refused.json()).toMatchObject({ status: 409, code: 'rejection_truncated' });
    }
  });

  test('is kept for each of many requests that a sender sends at once', async () => {
    const agent = await agentWith({ input_schema });
    await Promise.all(Array.from({ length: 40 }, (_, n) => agent.post({ n })));
    const bodies = (await agent.kept(40)).map(({ body }: { body: string }) => body);
    expect(new Set(bodies).size).toBe(40);
  });

  test('is also kept for a disabled agent, and for a GET', async () => {
    const agent = await agentWith({ allow_get: true, input_schema });
    await env.app.inject(`${agent.hook}?a=1`);
    await agent.kept(1);
    await agent.patch({ status: 'disabled' });
    await agent.post({});
    const [disabled, got] = await agent.kept(2);
    expect(disabled).toMatchObject({ code: 'agent_disabled', status: 403, body: '{}' });
    expect(got).toMatchObject({ code: 'invalid_payload', method: 'GET', body: 'a=1', content_type: null });
  });

  test('is not made for accepted requests or unknown tokens', async () => {
    const agent = await agentWith();
    await agent.post({ a: 1 });
    const count = async () =>
      (await env.ctx.redis.keys('*')).filter((key) => !/:(stats|names):/.test(key)).length;
    const before = await count();
    const url = `/api/webhooks/agents/whk_${'A'.repeat(43)}`;
    const post = (payload: string, type = 'application/json') =>
      env.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
    await Promise.all([post('{'), post('', 'text/xml'), post('x'.repeat(1024 * 1024 + 1))]);
    // This one is kept; anything before it would be stored by now.
    await agent.post('{');
    await agent.kept(1);
    expect(await count()).toBe(before + 2);
  });

  test('is deleted with the agent, and on request', async () => {
    const agent = await agentWith();
    await agent.post('{');
    await agent.kept(1);
    expect((await env.admin({ method: 'DELETE', url: agent.url })).statusCode).toBe(204);
    expect(await agent.list()).toEqual({ rejections: [], next_cursor: null });
    await agent.post('{');
    await agent.kept(1);
    await env.admin({ method: 'DELETE', url: `/api/agents/${agent.id}` });
    expect(await env.ctx.redis.keys('*reject*')).toEqual([]);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await env.admin({ method, url: agent.url })).json()).toMatchObject({ code: 'unknown_agent' });
  });
});

test('the list has pages', async () => {
  const agent = await agentWith();
  for (const body of ['{1', '{2', '{3']) {
    await agent.post(body);
    await until('kept', async () => (await agent.list('?limit=1')).rejections[0]?.body === body);
  }
  const first = await agent.list('?limit=2');
  expect(first.rejections.map(({ body }: { body: string }) => body)).toEqual(['{3', '{2']);
  const second = await agent.list(`?limit=2&cursor=${first.next_cursor}`);
  expect(second.rejections.map(({ body }: { body: string }) => body)).toEqual(['{1']);
  expect(second.next_cursor).toBeNull();
});

describe('accepting a rejection', () => {
  test('runs it under the current schema, once', async () => {
    const agent = await agentWith({ input_schema });
    await agent.post('{"text": "hi"}', { 'x-github-event': 'issues' });
    const [{ id }] = await agent.kept(1);
    expect((await agent.accept(id)).json()).toMatchObject({ status: 422, code: 'invalid_payload' });
    await agent.patch({ input_schema: { type: 'object', required: ['text'] } });
    const answers = await Promise.all([agent.accept(id), agent.accept(id), agent.accept(id)]);
    answers.push(await agent.accept(id));
    const ids = new Set(answers.map((answer) => answer.json().task_id));
    expect(ids.size).toBe(1);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 201]);
    expect(await jobs()).toBe(1);
    const [taskId] = [...ids];
    expect(answers[0]?.headers.location).toBe(`/api/task_status?task_id=${taskId}`);
    const trace = (await env.admin({ url: `/api/tasks/${taskId}` })).json();
    expect(trace).toMatchObject({ payload: { text: 'hi' }, agent_version: 2 });
    expect(trace.headers).toMatchObject({ 'x-github-event': 'issues' });
    expect((await agent.list()).rejections[0].accepted).toMatchObject({ task_id: taskId });
  });

  test("respects the sender's key, which may have succeeded meanwhile", async () => {
    const agent = await agentWith({ input_schema });
    const key = { 'idempotency-key': 'event-1' };
    await agent.post('{"text": 1}', key);
    const [{ id }] = await agent.kept(1);
    await agent.patch({ input_schema: null });
    const { task_id } = (await agent.post('{"text": 1}', key)).json();
    const accepted = await agent.accept(id);
    expect([accepted.statusCode, accepted.json()]).toEqual([200, { task_id }]);
    expect(await jobs()).toBe(1);
  });

  test("respects the sender's delivery id, also in a custom header", async () => {
    const signature = { scheme: 'hmac', secret: 's', header: 'X-Sum', id_header: 'X-Message' };
    const agent = await agentWith({ signature, input_schema });
    const body = '{"text": 1}';
    const sum = createHmac('sha256', 's').update(body).digest('hex');
    const send = () => agent.post(body, { 'x-sum': sum, 'x-message': 'message-1' });
    await send();
    const [{ id, headers }] = await agent.kept(1);
    expect(headers).toMatchObject({ 'x-message': 'message-1', 'x-sum': null });
    await agent.patch({ input_schema: null });
    const { task_id } = (await agent.accept(id)).json();
    expect((await send()).json()).toEqual({ success: true, task_id });
    expect(await jobs()).toBe(1);
  });

  test('ignores a key that was the reason for the rejection', async () => {
    const agent = await agentWith();
    const key = { 'idempotency-key': 'event-1' };
    await agent.post('{"n": 1}', key);
    await agent.post('{"n": 2}', key);
    await agent.post('{"n": 3}', { 'idempotency-key': 'a b' });
    for (const { id } of await agent.kept(2)) expect((await agent.accept(id)).statusCode).toBe(201);
    expect(await jobs()).toBe(3);
  });

  test('reports what is still wrong, and a missing rejection', async () => {
    const agent = await agentWith();
    await agent.post('{');
    const [{ id }] = await agent.kept(1);
    expect((await agent.accept(id)).json()).toMatchObject({ status: 400, code: 'invalid_json' });
    expect((await agent.accept('rej_x')).json()).toMatchObject({ status: 404, code: 'unknown_rejection' });
    const other = await agentWith();
    expect((await other.accept(id)).json()).toMatchObject({ code: 'unknown_rejection' });
    await agent.patch({ status: 'disabled' });
    expect((await agent.accept(id)).json()).toMatchObject({ status: 403, code: 'agent_disabled' });
    await env.admin({ method: 'DELETE', url: `/api/agents/${agent.id}` });
    expect((await agent.accept(id)).json()).toMatchObject({ code: 'unknown_agent' });
    expect(await jobs()).toBe(0);
  });
});
