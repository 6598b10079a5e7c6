import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { SCHEMES, senderConfig } from '../../test/sender-config.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { withLowerNames } from '../senders/request.js';
import { eventOfSample } from '../senders/sample.js';
import { schemeOf } from '../senders/schemes.js';
import { answerToEvent, deliveryIdOf } from './sender-request.js';
import { testAgent } from './test-agent.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const stored = async () => (await ctx.queues[0]?.count()) ?? 0;

/** Only a fetched certificate proves a request of SNS; it has a suite of its own. */
const isElsewhere = (scheme: (typeof SCHEMES)[number]) => scheme === 'sns';
/** The sender proves the URL or itself, not the body. */
const withoutBody = (scheme: (typeof SCHEMES)[number]) => schemeOf({ scheme }).proof?.isToken === true;

describe.each(SCHEMES.filter((scheme) => !isElsewhere(scheme)))('%s', (scheme) => {
  /** An agent of this sender, and its sample as the sender would send it now. */
  async function asSender() {
    const { config, key } = senderConfig(scheme);
    const { id } = await createAgent(ctx, { name: 'a', signature: config }, 'sandbox:echo');
    const { token } = await mintWebhook(ctx, id, 0);
    const sample = { ...eventOfSample(schemeOf(config)), publicUrl: 'https://hooks.example.com' };
    const nowMs = Math.floor(ctx.now() / 1000) * 1000;
    const signed = schemeOf(config).proof?.sign?.(sample, config, key, { nowMs, id: 'msg_1' });
    const { url = sample.url, body = sample.body } = signed ?? {};
    const headers = { ...sample.headers, ...withLowerNames(signed?.headers ?? {}) };
    const request = { ...sample, url, query: url.split('?')[1] ?? '', body, headers };
    const send = (given: Partial<typeof request> = {}) => trigger(ctx, { token, ...request, ...given });
    return { id, config, key, sample, request, send };
  }

  test('its sample, as it signs it, becomes a task, and a retry is the same one', async () => {
    const { config, request, send } = await asSender();
    const first = await send();
    expect(first).toMatchObject({ outcome: 'accepted' });
    const answer = answerToEvent(config, request);
    expect('answer' in first ? first.answer : undefined).toEqual(answer);
    expect(await stored()).toBe(1);
    const isKnown = deliveryIdOf(config, request) !== undefined;
    const again = await send();
    expect(again).toMatchObject({ outcome: isKnown ? 'duplicate' : 'accepted' });
    if (isKnown) expect(again).toMatchObject({ task_id: (first as { task_id: string }).task_id });
    expect(await stored()).toBe(isKnown ? 1 : 2);
  });

  test('whatever is changed on its way is refused, and leaves no task', async () => {
    const { config, key, sample, request, send } = await asSender();
    const { proof } = schemeOf(config);
    if (proof === undefined) return expect(await send()).toMatchObject({ outcome: 'accepted' });
    const refused = { outcome: 'rejected', code: 'invalid_signature' };
    const { headers: hidden, query = [], properties = [] } = proof.hides(config);
    const unsigned = Object.fromEntries(hidden.map((name) => [name.toLowerCase(), undefined]));
    if (hidden.length > 0) {
      expect(await send({ headers: { ...request.headers, ...unsigned } })).toMatchObject(refused);
      const wrong = Object.fromEntries(hidden.map((name) => [name.toLowerCase(), '0'.repeat(64)]));
      expect(await send({ headers: { ...request.headers, ...wrong } })).toMatchObject(refused);
    }
    if (query.length > 0) expect(await send({ query: '' })).toMatchObject(refused);
    if (properties.length > 0) {
      expect(await send({ body: sample.body })).toMatchObject(refused);
      const wrong = proof.sign?.(sample, config, `${key}0`, { nowMs: ctx.now(), id: 'msg_1' }).body;
      expect(await send({ body: wrong ?? sample.body })).toMatchObject(refused);
    }
    if (!withoutBody(scheme)) {
      const body = Buffer.from(request.body);
      const at = body.findIndex((byte) => byte >= 0x61 && byte <= 0x7a);
      body[at] = (body[at] ?? 0) === 0x61 ? 0x62 : 0x61;
      expect(await send({ body })).toMatchObject(refused);
    }
    expect(await stored()).toBe(0);
  });

  test('a signed test is accepted, and does not show the secret', async () => {
    const { id, config, key, sample } = await asSender();
    if (!schemeOf(config).proof?.sign || key.startsWith('-----')) return;
    const { sent, outcome } = await testAgent(ctx, id, {
      body: sample.body,
      headers: sample.headers as Record<string, string>,
      send: 'signed',
    });
    expect(outcome).toMatchObject({ outcome: 'accepted' });
    const shown = [...Object.values(sent.headers), sent.body.toString()].flatMap((text) => [
      text,
      Buffer.from(text.split(' ').at(-1) ?? '', 'base64').toString(),
    ]);
    for (const text of shown) expect(text).not.toContain(key);
  });

  test('a GET, a HEAD and an OPTIONS never run it', async () => {
    const { send } = await asSender();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT'])
      expect(['handshake', 'method_not_allowed']).toContainEqual(
        (await send({ method, body: Buffer.alloc(0) })).outcome,
      );
    expect(await stored()).toBe(0);
  });
});
