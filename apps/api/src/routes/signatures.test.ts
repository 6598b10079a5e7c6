import { createHmac } from 'node:crypto';
import { SIGNATURE_SCHEMAS } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(() => env.empty());
afterAll(() => env?.close());

const create = (signature: unknown, more: object = {}) =>
  env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', signature, ...more } });

async function webhookOf(signature: object): Promise<string> {
  const { id } = (await create(signature)).json();
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` });
  return `/api/webhooks/agents/${minted.json().token}`;
}
const post = (url: string, payload: string | Buffer, headers: Record<string, string>) =>
  env.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
const signedAsGitHub = (body: string | Buffer) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`,
});
const github = { scheme: 'github', secret: 's3cret' };
const jobs = async () => (await env.ctx.queues[0]?.count()) ?? 0;

describe('a request with an invalid signature', () => {
  test('is 401 as a problem that asks for no API key, before its body is read', async () => {
    const url = await webhookOf(github);
    for (const body of ['{"a":1}', '{not json', '']) {
      const answer = await post(url, body, {});
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect(answer.json()).toMatchObject({
        code: 'invalid_signature',
        detail: 'The signature is refused: X-Hub-Signature-256 is missing.',
      });
    }
    expect(await jobs()).toBe(0);
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    expect((await post(url, bytes, {})).json()).toMatchObject({ code: 'invalid_signature' });
    expect((await post(url, bytes, signedAsGitHub(bytes))).json()).toMatchObject({ code: 'invalid_json' });
  });

  test('differs from a signed request with other errors', async () => {
    const url = await webhookOf(github);
    expect((await post(url, '{"a":1}', signedAsGitHub('{"a":1}'))).statusCode).toBe(200);
    expect((await post(url, '{"a":2}', signedAsGitHub('{"a":1}'))).statusCode).toBe(401);
    expect((await post(url, '', signedAsGitHub(''))).json()).toMatchObject({ code: 'empty_body' });
    expect(await jobs()).toBe(1);
  });

  test('cannot come by GET, which is 405 as for every other', async () => {
    const url = await webhookOf(github);
    const answer = await env.app.inject({ url: `${url}?a=1`, headers: signedAsGitHub('a=1') });
    expect(answer.statusCode).toBe(405);
  });
});

test("a sender's test of the URL gets its answer as JSON and creates no task", async () => {
  const url = await webhookOf(github);
  const body = '{"zen":"Half measures are as bad as nothing at all.","hook_id":1}';
  const answer = await post(url, body, { ...signedAsGitHub(body), 'x-github-event': 'ping' });
  expect([answer.statusCode, answer.headers['content-type'], answer.json()]).toEqual([
    200,
    expect.stringMatching(/^application\/json/),
    { message: 'pong' },
  ]);
  expect(answer.headers.location).toBeUndefined();
  expect(await jobs()).toBe(0);
});

test("no answer of the API contains a signature's secret", async () => {
  const secrets = ['first-secret', 'second-secret'];
  const [first, second] = secrets;
  const created = await create({ scheme: 'github', secret: first });
  const { id } = created.json();
  const agent = `/api/agents/${id}`;
  const rotated = { scheme: 'github', secret: second, previous_secret: true };
  const shown = { scheme: 'github', secret: true, previous_secret: true };
  const answers = [
    created,
    await env.admin({ method: 'PATCH', url: agent, payload: { signature: rotated } }),
    await env.admin({ method: 'PUT', url: agent, payload: { name: 'a', signature: shown } }),
    await env.admin({ url: agent }),
    await env.admin({ url: '/api/agents' }),
    await env.admin({ url: `${agent}/versions/1` }),
  ];
  for (const { statusCode, body } of answers) {
    expect(statusCode).toBeLessThan(300);
    for (const secret of secrets) expect(body).not.toContain(secret);
  }
  expect(answers.slice(1, 4).map((answer) => answer.json().signature)).toEqual([shown, shown, shown]);
});

describe('an invalid signature configuration is refused at the faulty field', () => {
  test.each<[string, unknown, object]>([
    [
      'an unknown scheme',
      { scheme: 'nobody', secret: 's' },
      {
        path: '/signature/scheme',
        message: `must be one of ${Object.keys(SIGNATURE_SCHEMAS).join(', ')}`,
      },
    ],
    ['no secret', { scheme: 'github' }, { path: '/signature/secret' }],
    ['no header', { scheme: 'hmac', secret: 's' }, { path: '/signature/header' }],
    [
      'an invalid header name',
      { scheme: 'hmac', secret: 's', header: 'X Sum' },
      { path: '/signature/header' },
    ],
    [
      'a field of another scheme',
      { scheme: 'github', secret: 's', header: 'X' },
      { path: '/signature/header', message: 'is not a known field' },
    ],
    [
      'a tolerance without a timestamp',
      { scheme: 'github', secret: 's', tolerance_seconds: 9 },
      { path: '/signature/tolerance_seconds', message: 'is not a known field' },
    ],
    ['a tolerance of zero', { scheme: 'slack', secret: 's', tolerance_seconds: 0 }, {}],
    ['a number', 7, { path: '/signature' }],
  ])('%s', async (_name, signature, issue) => {
    const answer = await create(signature);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [issue] });
  });

  test('or, if it could never verify, with the reason', async () => {
    const answer = await create({ scheme: 'stripe', secret: 'sk_live_abc' });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path: '/signature/secret', message: expect.stringContaining('whsec_') }],
    });
    expect(answer.body).not.toContain('sk_live_abc');
  });
});
