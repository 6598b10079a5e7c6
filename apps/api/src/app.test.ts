import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ADMIN_KEY, testApp } from '../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env.close());

async function agentWithWebhook(input: object = {}) {
  const { id } = (
    await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...input } })
  ).json();
  const { token, webhook_url } = (
    await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })
  ).json();
  return { id, token, webhook_url, url: `/api/webhooks/agents/${token}` };
}
const jobs = async () => (await env.ctx.queues[0]?.count()) ?? 0;
const JSON_TYPE = { 'content-type': 'application/json' };

describe('POST /api/webhooks/agents/{token}', () => {
  test('answers with the task id and where to read its status', async () => {
    const { url, token, webhook_url } = await agentWithWebhook();
    expect(webhook_url).toBe(`https://hooks.example.com/api/webhooks/agents/${token}`);
    const response = await env.app.inject({ method: 'POST', url, payload: { question: 'hi' } });
    expect(response.statusCode).toBe(200);
    const { task_id, ...rest } = response.json();
    expect(rest).toEqual({ success: true });
    expect(response.headers.location).toBe(`/api/task_status?task_id=${task_id}`);
    const status = await env.app.inject(response.headers.location ?? '');
    expect(status.json()).toMatchObject({ task_id, status: 'PENDING', result: null, attempt: 0 });
    expect(status.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
  });

  test('accepts a form', async () => {
    const { url } = await agentWithWebhook();
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const response = await env.app.inject({ method: 'POST', url, headers, payload: 'Body=hi&From=%2B49' });
    expect(response.statusCode).toBe(200);
    const job = await env.ctx.queues[0]?.getJob(response.json().task_id);
    expect(job?.data.payload).toEqual({ Body: 'hi', From: '+49' });
  });

  test.each([
    ['no body', {}, undefined, 400, 'empty_body'],
    ['an empty body', JSON_TYPE, '', 400, 'empty_body'],
    ['null', JSON_TYPE, 'null', 400, 'invalid_json'],
    ['broken JSON', JSON_TYPE, '{"a"', 400, 'invalid_json'],
    ['a __proto__ key', JSON_TYPE, '{"a":{"__proto__":{}}}', 400, 'invalid_json'],
    ['deep nesting', JSON_TYPE, '['.repeat(5_000) + ']'.repeat(5_000), 400, 'payload_too_deep'],
    ['2 MiB', JSON_TYPE, `"${'x'.repeat(2 * 1024 * 1024)}"`, 413, 'payload_too_large'],
    ['text of no charset', { 'content-type': 'text/plain; charset=utf-7' }, 'hi', 400, 'invalid_text'],
    ['an unknown coding', { 'content-encoding': 'lzma' }, 'hi', 415, 'unsupported_media_type'],
    ['broken JSON of no type', {}, '{"a"', 400, 'invalid_json'],
  ])('refuses %s and stores nothing', async (_name, headers, payload, status, code) => {
    const { url } = await agentWithWebhook();
    const options = payload === undefined ? {} : { payload };
    const response = await env.app.inject({ method: 'POST', url, headers, ...options });
    expect(response.json()).toMatchObject({ status, code, detail: expect.stringMatching(/\S/) });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await jobs()).toBe(0);
  });

  test('answers unknown, misspelt, revoked and rotated tokens with the same 404', async () => {
    const { id, token } = await agentWithWebhook();
    const { token: second } = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json();
    await env.admin({ method: 'DELETE', url: `/api/agents/${id}/webhook` });
    const fire = (t: string) =>
      env.app.inject({ method: 'POST', url: `/api/webhooks/agents/${t}`, payload: { question: 'hi' } });
    const answers = await Promise.all(
      [token, second, token.toUpperCase(), `whk_${'A'.repeat(43)}`, 'x', 'y'.repeat(300), '%00'].map(fire),
    );
    const [first] = answers;
    expect(first?.json()).toMatchObject({ status: 404, code: 'unknown_webhook' });
    for (const answer of answers) expect([answer.statusCode, answer.body]).toEqual([404, first?.body]);
    expect(await env.ctx.redis.keys('*token*')).toEqual([]);
    expect(await jobs()).toBe(0);
  });

  test('answers 403 for a disabled agent', async () => {
    const { url } = await agentWithWebhook({ status: 'disabled' });
    const response = await env.app.inject({ method: 'POST', url, payload: {} });
    expect(response.json()).toMatchObject({ status: 403, code: 'agent_disabled' });
    expect(await jobs()).toBe(0);
  });

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] as const)(
    'refuses %s with 405, also for unknown tokens',
    async (method) => {
      const { url } = await agentWithWebhook();
      for (const address of [url, '/api/webhooks/agents/none']) {
        const response = await env.app.inject({ method, url: address });
        expect(response.statusCode).toBe(405);
        expect(method === 'HEAD' ? { code: 'method_not_allowed' } : response.json()).toMatchObject({
          code: 'method_not_allowed',
        });
        expect(response.headers.allow).toBe('POST');
      }
      expect(await jobs()).toBe(0);
    },
  );

  test("and its task's status are all that pages of other origins may call", async () => {
    const headers = {
      origin: 'https://form.example.com',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, X-Form, idempotency-key',
    };
    const answers = async (urls: string[]) =>
      await Promise.all(urls.map((url) => env.app.inject({ method: 'OPTIONS', url, headers })));
    const { url } = await agentWithWebhook();
    for (const { statusCode, headers: given } of await answers([
      url,
      '/api/task_status',
      '/api/tasks/x/events',
    ])) {
      expect(statusCode).toBe(204);
      expect(given).toMatchObject({
        'access-control-allow-origin': '*',
        // A page may send what a form needs, but no key: it could try keys through its visitors' browsers.
        'access-control-allow-headers': 'x-form, idempotency-key',
      });
    }
    for (const answer of await answers(['/api/agents', '/api/keys', '/api/tasks/x', '/', '/api/nothing'])) {
      expect([404, 405]).toContain(answer.statusCode);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('may be called by browsers of any origin', async () => {
    const { url } = await agentWithWebhook();
    const headers = { origin: 'https://form.example.com', 'access-control-request-method': 'POST' };
    const preflight = await env.app.inject({ method: 'OPTIONS', url, headers });
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(
      (await env.admin({ url: '/api/agents', headers })).headers['access-control-allow-origin'],
    ).toBeUndefined();
  });
});

describe('GET /api/task_status', () => {
  test.each([
    ['/api/task_status', 400, 'missing_task_id'],
    ['/api/task_status?task_id=', 400, 'missing_task_id'],
    ['/api/task_status?task_id=a&task_id=b', 400, 'missing_task_id'],
    ['/api/task_status?task_id=wait', 404, 'unknown_task'],
    ['/api/task_status?task_id=5e1f6a70-93c4-8b1d-a2e4-0d9f8c7b6a51', 404, 'unknown_task'],
  ])('%s is %i', async (url, status, code) => {
    const response = await env.app.inject(url);
    expect(response.json()).toMatchObject({ status, code });
    expect(response.statusCode).toBe(status);
  });
});

describe('/api/agents', () => {
  test.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer nope' }],
    ['another scheme', { authorization: `Basic ${ADMIN_KEY}` }],
    ['a key in another case', { authorization: `Bearer ${ADMIN_KEY.toUpperCase()}` }],
  ])('is closed to %s', async (_name, headers) => {
    for (const [method, url] of [
      ['GET', '/api/agents'],
      ['POST', '/api/agents'],
      ['DELETE', '/api/agents/agt_1'],
      ['POST', '/api/agents/agt_1/webhook'],
      ['GET', '/api/models'],
    ] as const) {
      // From separate addresses, which too many wrong keys would lock.
      const response = await env.app.inject({ method, url, headers, remoteAddress: '192.0.2.1' });
      expect(response.json()).toMatchObject({ status: 401, code: 'unauthorized' });
      expect(response.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  test('creates, reads, replaces, patches and deletes, with versions and ETags', async () => {
    const created = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'one' } });
    expect(created.statusCode).toBe(201);
    const url = created.headers.location ?? '';
    expect(created.headers.etag).toBe('"1"');
    const patch = (version: string) =>
      env.admin({ method: 'PATCH', url, headers: { 'if-match': version }, payload: { description: 'd' } });
    expect((await patch('"1"')).json()).toMatchObject({ name: 'one', description: 'd', version: 2 });
    expect((await patch('"1"')).json()).toMatchObject({ status: 412, code: 'version_conflict' });
    expect((await patch('*')).json()).toMatchObject({ version: 2 }); // it changes nothing
    expect((await patch('latest')).json()).toMatchObject({ status: 400, code: 'invalid_request' });
    const replaced = await env.admin({ method: 'PUT', url, payload: { name: 'two' } });
    expect(replaced.json()).toMatchObject({ name: 'two', description: '', version: 3 });
    expect((await env.admin({ url: `${url}/versions` })).json().versions).toHaveLength(3);
    expect((await env.admin({ method: 'DELETE', url })).statusCode).toBe(204);
    expect((await env.admin({ url })).json()).toMatchObject({ status: 404, code: 'unknown_agent' });
    expect(await env.ctx.redis.keys('*agent:*')).toEqual([]);
  });

  test.each([
    ['no name', {}, '/name'],
    ['an unknown field', { name: 'a', bogus: 1 }, '/bogus'],
    ['a number as a string', { name: 'a', limits: { timeout_seconds: '3' } }, '/limits/timeout_seconds'],
    ['a limit out of range', { name: 'a', limits: { max_attempts: 0 } }, '/limits/max_attempts'],
    ['an unknown status', { name: 'a', status: 'asleep' }, '/status'],
    ['fields that the server sets', { name: 'a', id: 'agt_mine', version: 7 }, '/id'],
  ])('refuses %s and names it', async (_name, payload, path) => {
    const response = await env.admin({ method: 'POST', url: '/api/agents', payload });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(response.json().errors.map((issue: { path: string }) => issue.path)).toContain(path);
    expect((await env.admin({ url: '/api/agents' })).json().agents).toEqual([]);
  });

  test('says where a template does not parse, and which providers exist', async () => {
    const template = { name: 'a', system_prompt: 'fine', input_template: 'one\n{% if payload.x %}' };
    expect((await env.admin({ method: 'POST', url: '/api/agents', payload: template })).json()).toMatchObject(
      {
        code: 'invalid_template',
        errors: [{ path: '/input_template', line: 2, column: 1 }],
      },
    );
    const model = { name: 'a', model: 'gpt' };
    expect((await env.admin({ method: 'POST', url: '/api/agents', payload: model })).json()).toMatchObject({
      code: 'unknown_model',
      detail: expect.stringMatching(/openai.*anthropic.*google.*ollama.*compatible/),
    });
  });

  test.each([[{ overlap_seconds: -1 }], [{ overlap_seconds: '1' }], [{ overlap: 1 }], [[]], ['x']])(
    'refuses to rotate with %j',
    async (payload) => {
      const { id, token } = await agentWithWebhook();
      const response = await env.admin({
        method: 'POST',
        url: `/api/agents/${id}/webhook`,
        headers: JSON_TYPE,
        payload: JSON.stringify(payload),
      });
      expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
      expect((await env.admin({ url: `/api/agents/${id}` })).json().webhook.token_hint).toBe(token.slice(-4));
    },
  );
});

test.each([
  ['PUT', '/api/tasks?agent_id=agt_1', 'DELETE, GET, HEAD'],
  ['POST', '/api//task_status', 'GET, HEAD, OPTIONS'],
  ['TRACE', '/api/agents/agt_019a5c3e7d21a1b2c3d4e5f60718', 'DELETE, GET, HEAD, PATCH, PUT'],
  ['QUERY', '/healthz', 'GET, HEAD'],
  ['TRACE', '/api/webhooks/agents/none', 'GET, HEAD, OPTIONS, POST'],
] as const)('%s %s names the methods of the URL', async (method, url, allowed) => {
  const answer = await env.app.inject({ method: method as 'PUT', url });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, allowed]);
  expect(answer.json()).toMatchObject({
    code: 'method_not_allowed',
    detail: `${method} is not possible here. Possible: ${allowed}.`,
  });
  // As the other answers of the URL.
  expect(answer.headers['access-control-allow-origin']).toBe(allowed.includes('OPTIONS') ? '*' : undefined);
});

test.each(['/api/nothing', '/api/webhooks/agents/whk_%F0%9F', `/api/agents/${'x'.repeat(600)}`])(
  'an unknown URL is a problem too: %s',
  async (url) => {
    const answer = await env.app.inject(url);
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.body).not.toContain('whk_');
  },
);
