import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { claimSecretKey } from './check-secret-key.js';
import { createSecretBox } from './secret-box.js';

describe('secret box', () => {
  const box = createSecretBox('a secret key of some length');

  test('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = box.seal('sk-live-1', 'agt_1/signature');
    expect(sealed).not.toContain('sk-live');
    expect(box.seal('sk-live-1', 'agt_1/signature')).not.toBe(sealed);
    expect(box.open(sealed, 'agt_1/signature')).toBe('sk-live-1');
  });

  test('does not open with another key, for another purpose, or once changed', () => {
    const sealed = box.seal('s', 'agt_1');
    expect(() => createSecretBox('another key of some length').open(sealed, 'agt_1')).toThrow();
    expect(() => box.open(sealed, 'agt_2')).toThrow();
    expect(() =>
      box.open(
        sealed.replace(/(?<=\.)[^.](?=[^.]*$)/, (c) => (c === 'A' ? 'B' : 'A')),
        'agt_1',
      ),
    ).toThrow();
    expect(() => box.open('plain text', 'agt_1')).toThrow();
  });
});

test('what is opened often opens for its purpose alone, known or not, and past what is kept', () => {
  const box = createSecretBox('a secret key of some length');
  const sealed = Array.from({ length: 1_100 }, (_, n) => box.seal(`secret ${n}`, 'agt_1'));
  for (let round = 0; round < 2; round++)
    expect(sealed.map((text) => box.openOften(text, 'agt_1'))).toEqual(sealed.map((_, n) => `secret ${n}`));
  expect(() => box.openOften(sealed[1_099] ?? '', 'agt_2')).toThrow();
});

describe('the secret key of a store', () => {
  let env: Awaited<ReturnType<typeof testContext>>;
  beforeAll(async () => {
    env = await testContext();
  });
  afterAll(() => env.close());

  test('is the first one that was used with it', async () => {
    const { redis, log } = env.ctx;
    const claim = (key: string) => claimSecretKey(redis, createSecretBox(key), log);
    await claim('first key, first key');
    await expect(claim('second key, second key')).rejects.toThrow('SECRET_KEY is not the one');
    await claim('first key, first key');
  });
});
