import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TEST_SECRET_KEY, testContext } from '../../test/context.js';
import type { Context } from '../context.js';
import { packText } from '../redis/pack-text.js';
import { createSecretBox } from '../secrets/secret-box.js';
import { keepDataKeys } from './data-keys.js';
import { createSeal } from './seal.js';

const NEXT_KEY = 'the next key of enough length';

let ctx: Context;
let env: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const sealWith = (...known: [string, string?]) => createSeal(true, createSecretBox(...known), ctx.redis);
const SEALED = expect.objectContaining({ code: 'texts_sealed' });

test.each([
  ['small', '{"a":"Grüße 𝄞"}'],
  ['that looks compressed', '{"z1:":"s1:"}'],
  ['large', JSON.stringify('words and more words '.repeat(20_000))],
  ['empty', ''],
])('a text that is %s opens as it was, with its size in front', async (_kind, text) => {
  const seal = sealWith(TEST_SECRET_KEY);
  for (const large of [0, 64 * 1024]) {
    const stored = await seal.keep(text, large);
    expect(stored.startsWith(`s${Buffer.byteLength(text)}:`)).toBe(true);
    expect(await seal.read(stored)).toBe(text);
    // As BullMQ stores the text of a result.
    expect(await seal.read(JSON.stringify(stored))).toBe(text);
  }
  expect(await seal.keep(text)).not.toBe(await seal.keep(text));
});

test('texts that were stored before are read as before', async () => {
  const seal = sealWith(TEST_SECRET_KEY);
  const long = JSON.stringify('a'.repeat(1_000));
  expect(await seal.read('{"plain":true}')).toBe('{"plain":true}');
  expect(await seal.read(await packText(long))).toBe(long);
});

test('a sealed failure keeps its code where scripts read it', async () => {
  const seal = sealWith(TEST_SECRET_KEY);
  const failure = '{"error":{"code":"model_refused","message":"of a payload"},"tool_calls":[]}';
  const stored = await seal.keepFailure(failure);
  expect(stored).toMatch(/^\{"error":\{"code":"model_refused"\},"sealed":"s\d+:/);
  expect(await seal.read(stored)).toBe(failure);
  // What BullMQ says of a job that lost its worker is no failure of ours.
  expect(await seal.keepFailure('job stalled more than 1 times')).toBe('job stalled more than 1 times');
});

test('a text that was changed does not open', async () => {
  const seal = sealWith(TEST_SECRET_KEY);
  const stored = await seal.keep('{"a":1}');
  const bytes = Buffer.from(stored.slice(stored.indexOf(':') + 1), 'base64');
  bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1;
  await expect(seal.read(`s7:${bytes.toString('base64')}`)).rejects.toEqual(SEALED);
});

test('keys of earlier rotations open what they sealed; without them it is said', async () => {
  const stored = await sealWith(TEST_SECRET_KEY).keep('{"a":1}');
  await expect(sealWith(NEXT_KEY).read(stored)).rejects.toEqual(SEALED);
  expect(await sealWith(NEXT_KEY, TEST_SECRET_KEY).read(stored)).toBe('{"a":1}');
  const third = 'a third key of enough length';
  await keepDataKeys(ctx.redis, createSecretBox(NEXT_KEY), createSecretBox(TEST_SECRET_KEY));
  await keepDataKeys(ctx.redis, createSecretBox(third), createSecretBox(NEXT_KEY));
  expect(await sealWith(third).read(stored)).toBe('{"a":1}');
  await expect(sealWith(NEXT_KEY).read(stored)).rejects.toEqual(SEALED);
  const file = sealWith(TEST_SECRET_KEY).keepFile(Buffer.from([0, 1, 255]));
  expect([...(await sealWith(third).readFile(file))]).toEqual([0, 1, 255]);
});
