import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { countTasks, type Stack, startStack } from '../index.js';

let stack: Stack;
let before: number;

beforeAll(async () => {
  stack = await startStack({ apis: 2 });
});
beforeEach(async () => {
  before = await countTasks(stack.redisUrl);
});
afterAll(() => stack?.stop());

const made = async () => (await countTasks(stack.redisUrl)) - before;
const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
const now = () => Math.floor(Date.now() / 1000);

/** The headers that each sender adds to a body, for a time in Unix seconds. */
const SENDERS = {
  'standard-webhooks': (secret: string, body: string, seconds: number) => {
    const id = `msg_${randomUUID()}`;
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
    const sum = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': `${seconds}`, 'webhook-signature': `v1,${sum}` };
  },
  github: (secret: string, body: string) => ({
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${hex(secret, body)}`,
  }),
  stripe: (secret: string, body: string, seconds: number) => ({
    'stripe-signature': `t=${seconds},v1=${hex(secret, `${seconds}.${body}`)}`,
  }),
  slack: (secret: string, body: string, seconds: number) => ({
    'x-slack-request-timestamp': `${seconds}`,
    'x-slack-signature': `v0=${hex(secret, `v0:${seconds}:${body}`)}`,
  }),
  shopify: (secret: string, body: string) => ({
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
  }),
};
type Scheme = keyof typeof SENDERS;
const SCHEMES = Object.keys(SENDERS) as Scheme[];
const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSBzZW5kZXI=';

async function signedAgent(scheme: Scheme, secret = SECRET) {
  const { id } = await stack.createAgent({ name: 'Signed', signature: { scheme, secret } });
  const { token } = await stack.mintWebhook(id);
  const sign = (body: string, by = secret, seconds = now()): Record<string, string> =>
    SENDERS[scheme](by, body, seconds);
  return { id, token, sign };
}

describe.each(SCHEMES)('%s', (scheme) => {
  test('what its sender signs runs; what is unsigned, tampered with or someone else’s is 401 and creates no task', async () => {
    const { token, sign } = await signedAgent(scheme);
    const body = '{"question":"Who sent this?"}';
    const refused = [
      await stack.trigger(token, body),
      await stack.trigger(token, body.replace('Who', 'You'), sign(body)),
      await stack.trigger(token, body, sign(body, 'whsec_YW5vdGhlciBzZWNyZXQ=')),
      await stack.trigger(token, '{not json', sign(body)),
    ];
    for (const { status, headers, body: problem } of refused) {
      expect([status, problem]).toMatchObject([401, { code: 'invalid_signature' }]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(headers.has('www-authenticate')).toBe(false);
    }
    expect(await made()).toBe(0);
    const accepted = await stack.trigger(token, body, sign(body));
    expect(accepted.status).toBe(200);
    expect((await stack.poll(accepted.body.task_id)).result.answer).toContain('Who sent this?');
    expect(await made()).toBe(1);
  });
});

test.each<Scheme>(['standard-webhooks', 'stripe', 'slack'])(
  'what %s signed long ago, or for a later time, is refused',
  async (scheme) => {
    const { token, sign } = await signedAgent(scheme);
    for (const [seconds, detail] of [
      [now() - 310, /older than 300 s/],
      [now() + 320, /more than 300 s in the future/],
    ] as const) {
      const answer = await stack.trigger(token, '{}', sign('{}', SECRET, seconds));
      expect(answer).toMatchObject({ status: 401, body: { detail: expect.stringMatching(detail) } });
    }
    expect(await made()).toBe(0);
  },
);

test('a header that occurs twice is refused', async () => {
  const { token, sign } = await signedAgent('github');
  const { 'x-hub-signature-256': signature = '' } = sign('{}');
  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': [signature, signature] };
    request(`${stack.url}/api/webhooks/agents/${token}`, { method: 'POST', headers }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end('{}');
  });
  expect([status, await made()]).toEqual([401, 0]);
});

test.each<[Scheme, (id: string, attempt: number) => [string, Record<string, string>]]>([
  ['github', (id, attempt) => [`{"attempt":${attempt}}`, { 'x-github-delivery': id }]],
  ['stripe', (id, attempt) => [`{"id":"${id}","pending_webhooks":${attempt}}`, {}]],
  ['slack', (id, attempt) => [`{"type":"event_callback","event_id":"${id}","n":${attempt}}`, {}]],
  ['shopify', (id, attempt) => [`{"attempt":${attempt}}`, { 'x-shopify-event-id': id }]],
])('the same event of %s, sent at once to two processes, creates one task', async (scheme, delivery) => {
  const { token, sign } = await signedAgent(scheme);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, attempt) => {
      const [body, headers] = delivery('delivery-1', attempt);
      const api = stack.apis[attempt % 2];
      return stack.trigger(`${api?.url}/api/webhooks/agents/${token}`, body, { ...sign(body), ...headers });
    }),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => body.task_id)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
  expect(await made()).toBe(1);
});

test('a secret is rotated without losing a request: both are valid until the old one is revoked', async () => {
  const { id, token, sign } = await signedAgent('github', 'old');
  const send = async (secret: string) => (await stack.trigger(token, '{}', sign('{}', secret))).status;
  const change = async (signature: object) =>
    (await stack.request('PATCH', `/api/agents/${id}`, { signature: { scheme: 'github', ...signature } }))
      .status;
  expect([await send('old'), await send('new')]).toEqual([200, 401]);
  expect(await change({ secret: 'new', previous_secret: true })).toBe(200);
  expect([await send('old'), await send('new')]).toEqual([200, 200]);
  expect(await change({ secret: true, previous_secret: null })).toBe(200);
  expect([await send('old'), await send('new')]).toEqual([401, 200]);
});

test('Slack’s challenge and GitHub’s ping are answered without a task', async () => {
  const slack = await signedAgent('slack');
  const challenge = '{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd","type":"url_verification"}';
  expect(await stack.trigger(slack.token, challenge)).toMatchObject({ status: 401 });
  const heard = await stack.trigger(slack.token, challenge, slack.sign(challenge));
  expect(heard).toMatchObject({ status: 200, body: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd' } });

  const github = await signedAgent('github');
  const ping = { ...github.sign('{"zen":"z"}'), 'x-github-event': 'ping' };
  expect(await stack.trigger(github.token, '{"zen":"z"}', ping)).toMatchObject({
    status: 200,
    body: { message: 'pong' },
  });
  expect(await made()).toBe(0);
});
