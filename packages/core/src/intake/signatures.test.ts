import type { SignatureConfig } from '@agenthook/contracts';
import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { patchAgent } from '../agents/update-agent.js';
import type { Context } from '../context.js';
import { withLowerNames } from '../senders/request.js';
import { jsonAnswer } from '../senders/scheme.js';
import { cancelTask } from '../tasks/cancel.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { signFor } from './sign-for.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const SECRET = 'whsec_c2VjcmV0';
type Headers = Record<string, string | undefined>;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Creates an agent with a signature, and functions that act as its sender: sign and post. */
async function signed(signature: object, agent: object = {}) {
  const given = { secret: SECRET, ...signature } as SignatureConfig;
  const { id } = await createAgent(ctx, { name: 'a', signature: given, ...agent }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = (body: string, headers: Headers) => trigger(ctx, { token, ...postOf(body, headers) });
  const sign = async (body: string): Promise<Headers> =>
    withLowerNames((await signFor(ctx, id, postOf(body))).headers);
  /** Posts a signed request with additional headers. */
  const send = async (body: string, headers: Headers = {}) =>
    post(body, { ...(await sign(body)), ...headers });
  return { id, token, post, sign, send };
}
const stored = async () => (await ctx.queues[0]?.count()) ?? 0;

const SCHEMES: [string, object][] = [
  ['standard-webhooks', {}],
  ['github', {}],
  ['stripe', {}],
  ['slack', {}],
  ['shopify', {}],
  ['hmac', { header: 'X-Sum', prefix: 'sha256=', timestamp_header: 'X-Time', id_header: 'X-Id' }],
];

describe.each(SCHEMES)('an agent with the signature %s', (scheme, more) => {
  test('takes what signFor signs for it, and nothing else; a refusal leaves no task', async () => {
    const agent = await signed({ scheme, ...more });
    const headers = await agent.sign('{"a":1}');
    const refused = { outcome: 'rejected', agent_id: agent.id, code: 'invalid_signature' };
    expect(await agent.post('{"a":1}', {})).toMatchObject({
      ...refused,
      detail: expect.stringMatching(/ is missing\.$/),
    });
    expect(await agent.post('{"a":2}', headers)).toMatchObject(refused);
    expect(await agent.post('{not json', headers)).toMatchObject(refused);
    expect(await stored()).toBe(0);
    expect(await agent.post('{"a":1}', headers)).toMatchObject({ outcome: 'accepted' });
    expect(await stored()).toBe(1);
    // The rules for every payload apply after the signature check.
    expect(await agent.send('{not json')).toMatchObject({ code: 'invalid_json' });
    expect(await agent.send('')).toMatchObject({ code: 'empty_body' });
  });

  test('says nothing of its secret to one who does not have it', async () => {
    const agent = await signed({ scheme, ...more });
    const headers = await agent.sign('{}');
    const outcome = JSON.stringify(await agent.post('{"other":1}', headers));
    expect(outcome).not.toContain(SECRET);
    for (const [name, value = ''] of Object.entries(await agent.sign('{"other":1}')))
      if (!/id|time|delivery/.test(name)) expect(outcome).not.toContain(value);
  });
});

test('a key of the client counts beside a signature, with its body', async () => {
  const agent = await signed({ scheme: 'github' });
  const first = await agent.send('{"a":1}', { 'idempotency-key': 'k' });
  expect(await agent.send('{"a":1}', { 'idempotency-key': 'k' })).toEqual({ ...first, outcome: 'duplicate' });
  expect(await agent.send('{"a":2}', { 'idempotency-key': 'k' })).toMatchObject({
    code: 'idempotency_key_reused',
  });
  expect(await agent.send('{}', { 'idempotency-key': 'a b' })).toMatchObject({
    code: 'invalid_idempotency_key',
  });
});

describe('the same delivery', () => {
  /** How each sender identifies a delivery, with a body that may differ between attempts. */
  const deliveries: [string, object, (id: string, attempt: number) => [string, Headers]][] = [
    ['standard-webhooks', {}, (id, n) => [`{"n":${n}}`, { 'webhook-id': id }]],
    ['github', {}, (id, n) => [`{"n":${n}}`, { 'x-github-delivery': id }]],
    ['stripe', {}, (id, n) => [`{"id":"${id}","pending_webhooks":${n}}`, {}]],
    ['slack', {}, (id, n) => [`{"type":"event_callback","event_id":"${id}","n":${n}}`, {}]],
    [
      'shopify',
      {},
      (id, n) => [`{"n":${n}}`, { 'x-shopify-event-id': id, 'x-shopify-topic': 'orders/paid' }],
    ],
    [
      'shopify',
      {},
      (id, n) => [`{"n":${n}}`, { 'x-shopify-event-id': undefined, 'x-shopify-webhook-id': id }],
    ],
    ['hmac', { header: 'X-Sum', id_header: 'X-Id' }, (id, n) => [`{"n":${n}}`, { 'x-id': id }]],
  ];

  test.each(deliveries)('of %s is one task, whatever its body', async (scheme, more, delivery) => {
    const agent = await signed({ scheme, ...more });
    const send = async (id: string, attempt: number) => {
      const [body, headers] = delivery(id, attempt);
      if (scheme !== 'standard-webhooks') return agent.send(body, headers);
      // This scheme signs the id, so the test signs as the sender would.
      const { Webhook } = await import('standardwebhooks');
      const seconds = Math.floor(Date.now() / 1000);
      const signature = new Webhook(SECRET).sign(id, new Date(seconds * 1000), body);
      return agent.post(body, {
        ...headers,
        'webhook-timestamp': `${seconds}`,
        'webhook-signature': signature,
      });
    };
    const first = await send('evt_1', 1);
    expect(first).toMatchObject({ outcome: 'accepted' });
    const again = { ...first, outcome: 'duplicate' };
    expect(await Promise.all([send('evt_1', 2), send('evt_1', 3)])).toEqual([again, again]);
    expect(await send('evt_2', 1)).toMatchObject({ outcome: 'accepted' });
    expect(await stored()).toBe(2);
    const found = await listTasks(ctx, { text: 'evt_1' }, { limit: 5 });
    expect(found.tasks).toMatchObject([
      { task_id: (first as { task_id: string }).task_id, idempotency_key: 'evt_1' },
    ]);
  });

  test('of one sender is none of another agent, nor the key of a client', async () => {
    const [one, two] = [await signed({ scheme: 'github' }), await signed({ scheme: 'github' })];
    const ids = [
      await one.send('{}', { 'x-github-delivery': 'd1' }),
      await two.send('{}', { 'x-github-delivery': 'd1' }),
      await one.send('{}', { 'idempotency-key': 'd1' }),
      await one.send('{}', { 'idempotency-key': 'k', 'x-github-delivery': 'd1' }),
    ];
    for (const outcome of ids) expect(outcome).toMatchObject({ outcome: 'accepted' });
  });

  test('of Svix is known by the id that is signed, whatever other ids are sent beside it', async () => {
    const agent = await signed({ scheme: 'standard-webhooks' });
    const headers = Object.fromEntries(
      Object.entries(await agent.sign('{}')).map(([name, value]) => [name.replace('webhook', 'svix'), value]),
    );
    const first = await agent.post('{}', headers);
    expect(first).toMatchObject({ outcome: 'accepted' });
    expect(await agent.post('{}', { ...headers, 'webhook-id': 'other' })).toEqual({
      ...first,
      outcome: 'duplicate',
    });
  });

  test.each([
    ['of any text', 'evt_\ud800'],
    ['that is cut in the middle of a character to be shown', `evt_${'x'.repeat(250)}😀`],
  ])('%s is one task, which ends as others do', async (_name, id) => {
    const stripe = await signed({ scheme: 'stripe' });
    const first = await stripe.send(JSON.stringify({ id }));
    expect(first).toMatchObject({ outcome: 'accepted' });
    const { task_id } = first as { task_id: string };
    expect(await stripe.send(JSON.stringify({ id }))).toEqual({ outcome: 'duplicate', task_id });
    await cancelTask(ctx, task_id);
    expect((await listTasks(ctx, { statuses: ['FAILURE'] }, { limit: 10 })).tasks).toMatchObject([
      { task_id },
    ]);
  });

  test('of Shopify is another one under another topic', async () => {
    const agent = await signed({ scheme: 'shopify' });
    const send = (topic: string) =>
      agent.send('{}', { 'x-shopify-event-id': 'e1', 'x-shopify-topic': topic });
    expect(await send('orders/create')).toMatchObject({ outcome: 'accepted' });
    expect(await send('orders/paid')).toMatchObject({ outcome: 'accepted' });
    expect(await send('orders/paid')).toMatchObject({ outcome: 'duplicate' });
  });

  test('counts only for agents of that scheme, and only where there is an id', async () => {
    const plain = await createAgent(ctx, { name: 'b' }, 'sandbox:echo');
    const { token } = await mintWebhook(ctx, plain.id, 0);
    const body = '{"id":"evt_1"}';
    const headers = { 'x-github-delivery': 'd', 'webhook-id': 'd' };
    const stripe = await signed({ scheme: 'stripe' });
    for (let n = 0; n < 2; n++) {
      expect(await trigger(ctx, { token, ...postOf(body, headers) })).toMatchObject({
        outcome: 'accepted',
      });
      for (const json of ['{}', '{"id":7}', '{"id":""}', '{"id":{"a":1}}', '[1]', '"evt"', '7'])
        expect([json, await stripe.send(json)]).toMatchObject([json, { outcome: 'accepted' }]);
    }
  });
});

describe('a request with which a sender tests the URL', () => {
  test('gets what Slack waits for once it is signed, past every schema, and makes no task', async () => {
    const agent = await signed({ scheme: 'slack' }, { input_schema: { required: ['event'] } });
    const body = '{"token":"t","type":"url_verification","challenge":"3eZbrw1aB"}';
    expect(await agent.send(body)).toEqual({
      outcome: 'handshake',
      agent_id: agent.id,
      answer: jsonAnswer({ challenge: '3eZbrw1aB' }),
    });
    expect(await agent.post(body, {})).toMatchObject({ code: 'invalid_signature' });
    const other = await signed({ scheme: 'slack' });
    expect(await other.send('{"type":"url_verification","challenge":{"a":1}}')).toMatchObject({
      outcome: 'accepted',
    });
    expect(await stored()).toBe(1);
  });

  test('is not run where Slack looks at the certificate of a slash command', async () => {
    const agent = await signed({ scheme: 'slack' });
    const body = 'ssl_check=1&token=t';
    expect(await agent.send(body, FORM)).toMatchObject({ outcome: 'handshake', answer: { body: '{}' } });
    expect(await agent.post(body, FORM)).toMatchObject({ code: 'invalid_signature' });
    expect(await stored()).toBe(0);
  });

  test('is not run where GitHub pings', async () => {
    const agent = await signed({ scheme: 'github' });
    const ping = await agent.send('{"zen":"Keep it simple."}', { 'x-github-event': 'ping' });
    expect(ping).toMatchObject({ outcome: 'handshake', answer: jsonAnswer({ message: 'pong' }) });
    expect(await agent.post('{}', { 'x-github-event': 'ping' })).toMatchObject({ code: 'invalid_signature' });
    expect(await stored()).toBe(0);
  });

  test('is an ordinary payload where there is no such signature', async () => {
    const agent = await signed({ scheme: 'shopify' });
    const body = '{"type":"url_verification","challenge":"c"}';
    expect(await agent.send(body, { 'x-github-event': 'ping' })).toMatchObject({ outcome: 'accepted' });
  });
});

test('Slack may send forms: they are signed as they come', async () => {
  const agent = await signed({ scheme: 'slack' });
  const body = 'command=%2Fask&text=What+now%3F';
  const { task_id } = (await agent.send(body, FORM)) as { task_id: string };
  const job = await ctx.queues[0]?.getJob(task_id);
  expect(job?.data.payload).toEqual({ command: '/ask', text: 'What now?' });
});

test('a replay is refused once its time has passed, by the clock of the api', async () => {
  const agent = await signed({ scheme: 'slack', tolerance_seconds: 60 });
  const headers = await agent.sign('{}');
  expect(await agent.post('{}', headers)).toMatchObject({ outcome: 'accepted' });
  const later = { ...ctx, now: () => Date.now() + 62_000 };
  expect(await trigger(later, { token: agent.token, ...postOf('{}', headers) })).toMatchObject({
    code: 'invalid_signature',
    detail: 'The signature is refused: the timestamp is older than 60 s.',
  });
});

test('both secrets count while a sender is given a new one', async () => {
  const agent = await signed({ scheme: 'github' });
  const old = await agent.sign('{}');
  const change = (signature: object) =>
    patchAgent(ctx, agent.id, { signature: { scheme: 'github', ...signature } as SignatureConfig });
  await change({ secret: 'new', previous_secret: true });
  expect(await agent.post('{}', { ...old, 'x-github-delivery': '1' })).toMatchObject({ outcome: 'accepted' });
  expect(await agent.send('{}')).toMatchObject({ outcome: 'accepted' });
  await change({ secret: true });
  expect(await agent.post('{}', { ...old, 'x-github-delivery': '2' })).toMatchObject({
    code: 'invalid_signature',
  });
  expect(await agent.send('{}')).toMatchObject({ outcome: 'accepted' });
});

test('signFor has no headers for an agent without a signature, and refuses an unknown one', async () => {
  const { id } = await createAgent(ctx, { name: 'b' }, 'sandbox:echo');
  expect(await signFor(ctx, id, postOf('{}'))).toEqual({ headers: {} });
  await expect(signFor(ctx, 'agt_none', postOf(''))).rejects.toMatchObject({ code: 'unknown_agent' });
});
