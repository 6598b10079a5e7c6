import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../test/context.js';
import { AGENT } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { changeSealed } from './change-sealed.js';
import { contextOf } from './sealed-values.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

test('no agent is skipped while others are deleted', async () => {
  const ids = Array.from({ length: 600 }, (_, n) => `agt_${String(n).padStart(4, '0')}`);
  for (const id of ids) {
    const secret = ctx.secrets.seal('the secret', contextOf.signature(id));
    const gate = JSON.stringify({ signature: { scheme: 'github', secret } });
    await ctx.redis.multi().zadd(keys.agents, 0, id).hset(keys.agent(id), AGENT.gate, gate).exec();
  }
  const deleted = ids.slice(0, 50);
  const seen: string[] = [];
  await changeSealed(ctx.redis, ({ owner }) => {
    seen.push(owner);
    if (seen.length === 100) void ctx.redis.zrem(keys.agents, ...deleted);
    return undefined;
  });
  expect(seen).toEqual(ids);
});
