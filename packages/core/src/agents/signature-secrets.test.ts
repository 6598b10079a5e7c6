import type { AgentInput, SignatureConfig, SignatureConfigOf } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { createAgent } from './create-agent.js';
import { getAgent } from './get-agent.js';
import { getVersion } from './get-version.js';
import { openSignatureSecrets } from './signature-secrets.js';
import { patchAgent, replaceAgent } from './update-agent.js';
import { readVersion } from './version-store.js';

const MODEL = 'sandbox:echo';
let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env.close());

const github = (secrets: Omit<SignatureConfigOf<'github'>, 'scheme'>): SignatureConfig => ({
  scheme: 'github',
  ...secrets,
});
const input = (signature: unknown, more: object = {}) => ({ name: 'a', signature, ...more }) as AgentInput;
const create = async (secret: string) => (await createAgent(ctx, input(github({ secret })), MODEL)).id;

/** The agent's current signature secrets, in plain text. */
async function secretsOf(id: string): Promise<string[]> {
  const { version } = await getAgent(ctx, id);
  const stored = await readVersion(ctx, id, version);
  return stored?.signature ? [...openSignatureSecrets(stored.signature, ctx.secrets, id).secrets] : [];
}
const change = (id: string, signature: SignatureConfig | null) => patchAgent(ctx, id, { signature });

describe('the secrets of a signature', () => {
  test('are shown as true at every place, and stored encrypted, for their agent alone', async () => {
    const signature = github({ secret: 'first-secret', previous_secret: 'older-secret' });
    const created = await createAgent(ctx, input(signature), MODEL);
    const shown = { scheme: 'github', secret: true, previous_secret: true };
    expect(created.signature).toEqual(shown);
    expect((await getAgent(ctx, created.id)).signature).toEqual(shown);
    expect((await patchAgent(ctx, created.id, { name: 'b' })).signature).toEqual(shown);
    for (const version of [1, 2])
      expect((await getVersion(ctx, created.id, version)).signature).toEqual(shown);
    for (const key of await ctx.redis.keys('*agent:*'))
      expect(JSON.stringify(await ctx.redis.hgetall(key))).not.toMatch(/first-secret|older-secret/);
    expect(await secretsOf(created.id)).toEqual(['first-secret', 'older-secret']);

    const stored = await readVersion(ctx, created.id, 1);
    expect(() =>
      openSignatureSecrets(stored?.signature as SignatureConfig, ctx.secrets, 'agt_other'),
    ).toThrow();
  });

  test('are kept by changes of something else and by true', async () => {
    const id = await create('one');
    await patchAgent(ctx, id, { description: 'new' });
    expect(await secretsOf(id)).toEqual(['one']);
    await replaceAgent(ctx, id, input(github({ secret: true })), MODEL);
    expect(await secretsOf(id)).toEqual(['one']);
  });

  test('rotate: a new secret beside the one that counted until then, which ends by a change of its own', async () => {
    const id = await create('one');
    expect((await change(id, github({ secret: 'two', previous_secret: true }))).signature).toMatchObject({
      previous_secret: true,
    });
    expect(await secretsOf(id)).toEqual(['two', 'one']);
    await change(id, github({ secret: true, previous_secret: true }));
    expect(await secretsOf(id)).toEqual(['two', 'one']);
    await change(id, github({ secret: 'three', previous_secret: true }));
    expect(await secretsOf(id)).toEqual(['three', 'two']);
    await change(id, github({ secret: true, previous_secret: 'given' }));
    expect(await secretsOf(id)).toEqual(['three', 'given']);
    await change(id, github({ secret: true }));
    expect(await secretsOf(id)).toEqual(['three']);
    await change(id, github({ secret: true, previous_secret: null }));
    expect((await getAgent(ctx, id)).signature).toEqual({
      scheme: 'github',
      secret: true,
      previous_secret: null,
    });
  });

  test('that are not stored cannot be kept, nor can those of another scheme', async () => {
    const refusal = (field: string) => ({
      code: 'invalid_request',
      issues: [{ path: `/signature/${field}` }],
    });
    await expect(createAgent(ctx, input(github({ secret: true })), MODEL)).rejects.toMatchObject(
      refusal('secret'),
    );
    const fresh = createAgent(ctx, input(github({ secret: 'one', previous_secret: true })), MODEL);
    await expect(fresh).rejects.toMatchObject(refusal('previous_secret'));
    const id = await create('one');
    await expect(change(id, github({ secret: true, previous_secret: true }))).rejects.toMatchObject(
      refusal('previous_secret'),
    );
    const shopify = { scheme: 'shopify', secret: true } as SignatureConfig;
    await expect(change(id, shopify)).rejects.toMatchObject(refusal('secret'));
    await change(id, null);
    await expect(change(id, github({ secret: true }))).rejects.toMatchObject(refusal('secret'));
  });
});

test('what is left out of a signature is shown with its default', async () => {
  const made = async (signature: object) =>
    (await createAgent(ctx, input({ secret: 'whsec_YQ==', ...signature }), MODEL)).signature;
  const secrets = { secret: true, previous_secret: null };
  expect(await made({ scheme: 'slack' })).toEqual({ scheme: 'slack', ...secrets, tolerance_seconds: 300 });
  expect(await made({ scheme: 'stripe', tolerance_seconds: 60 })).toMatchObject({ tolerance_seconds: 60 });
  const hmac = { scheme: 'hmac', header: 'X-Sum', algorithm: 'sha256', encoding: 'hex', prefix: '' };
  expect(await made({ scheme: 'hmac', header: 'X-Sum' })).toEqual({ ...hmac, ...secrets, content: '{body}' });
  expect(await made({ scheme: 'hmac', header: 'X-Sum', timestamp_header: 'X-Time' })).toEqual({
    ...hmac,
    ...secrets,
    timestamp_header: 'X-Time',
    content: '{timestamp}.{body}',
    tolerance_seconds: 300,
  });
});

describe('a signature that could not hold is refused, with the place', () => {
  const hmac = { scheme: 'hmac', secret: 's', header: 'X-Sum' };
  const timed = { ...hmac, timestamp_header: 'X-Time' };
  test.each<[string, object, string]>([
    ['spaces at the end', { scheme: 'github', secret: 's ' }, '/signature/secret'],
    ['a line break', { scheme: 'github', secret: 's', previous_secret: '\ns' }, '/signature/previous_secret'],
    ['no base64', { scheme: 'standard-webhooks', secret: 'whsec_a.b' }, '/signature/secret'],
    ['nothing after whsec_', { scheme: 'standard-webhooks', secret: 'whsec_' }, '/signature/secret'],
    ["Stripe's API key", { scheme: 'stripe', secret: 'sk_live_1' }, '/signature/secret'],
    ["Slack's token", { scheme: 'slack', secret: 'xoxb-1' }, '/signature/secret'],
    ['content without the body', { ...hmac, content: 'x' }, '/signature/content'],
    ['content with the body twice', { ...hmac, content: '{body}{body}' }, '/signature/content'],
    ['an unknown placeholder', { ...hmac, content: '{nonce}.{body}' }, '/signature/content'],
    ['an id without its header', { ...hmac, content: '{id}.{body}' }, '/signature/id_header'],
    ['a time without its header', { ...hmac, content: '{timestamp}{body}' }, '/signature/timestamp_header'],
    ['a time that is not signed', { ...timed, content: '{body}' }, '/signature/content'],
    ['a tolerance without a time', { ...hmac, tolerance_seconds: 9 }, '/signature/tolerance_seconds'],
    ['a time in the signature', { ...timed, timestamp_header: 'x-sum' }, '/signature/timestamp_header'],
    ['an id in the signature', { ...hmac, id_header: 'x-sum' }, '/signature/id_header'],
  ])('%s', async (_name, signature, path) => {
    await expect(createAgent(ctx, input(signature), MODEL)).rejects.toMatchObject({
      code: 'invalid_request',
      issues: [{ path }],
    });
  });

  test('and so is allow_get beside it, whichever comes first', async () => {
    const signature = { scheme: 'github', secret: 's' };
    const refusal = { code: 'invalid_request', issues: [{ path: '/allow_get' }] };
    await expect(createAgent(ctx, input(signature, { allow_get: true }), MODEL)).rejects.toMatchObject(
      refusal,
    );
    const id = await create('one');
    await expect(patchAgent(ctx, id, { allow_get: true })).rejects.toMatchObject(refusal);
    await patchAgent(ctx, id, { signature: null, allow_get: true });
    await expect(change(id, github({ secret: 's' }))).rejects.toMatchObject(refusal);
  });
});
