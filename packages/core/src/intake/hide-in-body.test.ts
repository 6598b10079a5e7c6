import { postOf, until } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import type { Context } from '../context.js';
import { taskTrace } from '../tasks/trace.js';
import { acceptRejection } from './accept-rejection.js';
import { listFiltered, listRejections } from './list-rejections.js';
import { trigger } from './trigger.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const TOKEN = 'a token & more';
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

async function agentWith(rest: object) {
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = (body: string | Buffer, contentType = JSON_TYPE) =>
    trigger(ctx, { token, ...postOf(body, { 'content-type': contentType }) });
  return { id, post };
}
const inBody = (property = 'token') => ({ signature: { scheme: 'token', secret: TOKEN, property } });

/** The payload of an accepted event, as its trace shows it. */
async function storedPayload(outcome: object): Promise<unknown> {
  expect(outcome).toMatchObject({ outcome: 'accepted' });
  return (await taskTrace(ctx, (outcome as { task_id: string }).task_id))?.payload;
}

/** The only event that was refused. */
async function refused(id: string) {
  return await until(
    'the request is kept',
    async () => (await listRejections(ctx, id, { limit: 10 })).rejections[0],
  );
}

test.each([
  [JSON_TYPE, '{"token":"a token & more","n":820982911946154508}', { token: '[masked]' }],
  [FORM, 'token=a+token+%26+more&text=a%26b', { token: '[masked]', text: 'a&b' }],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="token"\r\n\r\na token & more\r\n--x--\r\n',
    { token: '[masked]' },
  ],
])('a token in the body is not in the stored payload: %s', async (contentType, body, expected) => {
  const { post } = await agentWith(inBody());
  const payload = await storedPayload(await post(body, contentType));
  expect(payload).toMatchObject(expected);
  expect(JSON.stringify(payload)).not.toMatch('a token');
});

test('a large body is checked and masked, and keeps its digits', async () => {
  const { post } = await agentWith(inBody('auth.token'));
  const body = (token: string) =>
    `{"n":820982911946154508,"auth":{"token":"${token}"},"text":"${'x'.repeat(200_000)}"}`;
  expect(await post(body('another'))).toMatchObject({ outcome: 'rejected', code: 'invalid_signature' });
  const payload = await storedPayload(await post(body(TOKEN)));
  expect(JSON.stringify(payload)).toBe(body('[masked]'));
});

test('many notifications of Microsoft Graph in one body are each checked and masked', async () => {
  const { post } = await agentWith({ signature: { scheme: 'graph', secret: TOKEN } });
  const body = (last: string) => {
    const value = Array.from({ length: 300 }, (_, n) => ({
      clientState: n === 299 ? last : TOKEN,
      resource: `Users/${n}/${'x'.repeat(300)}`,
    }));
    return JSON.stringify({ value });
  };
  expect(await post(body('another'))).toMatchObject({ outcome: 'rejected', code: 'invalid_signature' });
  const payload = await storedPayload(await post(body(TOKEN)));
  expect(JSON.stringify(payload)).toBe(body(TOKEN).replaceAll(TOKEN, '[masked]'));
});

test('a filter does not see it, and what it leaves out is kept without it', async () => {
  const { id, post } = await agentWith({ ...inBody(), filter: `payload.token == "${TOKEN}"` });
  expect(await post(`{"token":"${TOKEN}"}`)).toMatchObject({ outcome: 'filtered' });
  const kept = await until(
    'the event is kept',
    async () => (await listFiltered(ctx, id, { limit: 10 })).events[0],
  );
  expect(kept).toMatchObject({ body: '{"token":"[masked]"}', truncated: false });
});

test.each([
  [JSON_TYPE, '{"token":"a token & more", "n":1}', '{"token":"[masked]","n":1}'],
  [JSON_TYPE, '{ "n": 1 }', '{ "n": 1 }'],
  [FORM, 'n=%ff%20&token=a+token+%26+more', 'n=%ff%20&token=%5Bmasked%5D'],
  [JSON_TYPE, '{"token":"a token & more",', ''],
])('what is kept of a refused request is without it: %s %s', async (contentType, body, expected) => {
  const { id, post } = await agentWith({ ...inBody(), input_schema: { required: ['never'] } });
  expect(await post(body, contentType)).toMatchObject({ outcome: 'rejected' });
  expect(await refused(id)).toMatchObject({ body: expected, truncated: expected === '' });
});

test('a field that should be JSON and is not is masked as a whole', async () => {
  const { id, post } = await agentWith({ signature: { scheme: 'kofi', secret: TOKEN } });
  await post(`n=1&data=%7B%22verification_token%22%3A%22a+token`, FORM);
  expect(await refused(id)).toMatchObject({ body: 'n=1&data=%5Bmasked%5D' });
});

test('a refused form of Ko-fi is kept without it, and can be accepted', async () => {
  const { id, post } = await agentWith({ signature: { scheme: 'kofi', secret: TOKEN } });
  const data = JSON.stringify({ verification_token: 'nearly that', message_id: 'm' });
  expect(await post(`${new URLSearchParams({ data })}`, FORM)).toMatchObject({ code: 'invalid_signature' });
  const { id: rejection, body } = await refused(id);
  expect(new URLSearchParams(body ?? '').get('data')).toBe(
    '{"verification_token":"[masked]","message_id":"m"}',
  );
  expect(await acceptRejection(ctx, id, rejection)).toMatchObject({ isNew: true });
});

test.each([
  ['more fields than any form has', FORM, Buffer.from('&'.repeat(2_000))],
  ['the field with JSON twice', FORM, Buffer.from('data=1&data=1')],
  ['names in UTF-16', `${FORM}; charset=utf-16le`, Buffer.from('verification_token=S', 'utf16le')],
])('of a refused form with %s, nothing is kept', async (_what, type, body) => {
  const { id, post } = await agentWith({ signature: { scheme: 'kofi', secret: TOKEN } });
  await post(body, type);
  expect((await refused(id)).body ?? '').toBe('');
});
