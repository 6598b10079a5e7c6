import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { checkNotEmptied, EMPTIED } from './emptied.js';

let env: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  env = await testContext();
});
afterAll(() => env?.close());

test('each request is refused, and one line a minute says why', async () => {
  await env.ctx.redis.flushdb();
  const lines: unknown[] = [];
  const log = Object.create(env.ctx.log, { error: { value: (line: unknown) => lines.push(line) } });
  let nowMs = env.ctx.now();
  const ctx = { ...env.ctx, log, now: () => nowMs };
  const ask = () => expect(checkNotEmptied(ctx)).rejects.toMatchObject({ code: 'redis_unavailable' });
  for (let n = 0; n < 20; n++) await ask();
  expect(lines).toEqual([EMPTIED]);
  nowMs += 60_000;
  await ask();
  expect(lines).toHaveLength(2);
});
