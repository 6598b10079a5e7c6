import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { TEST_SECRET_KEY, testContext } from '../../test/context.js';
import { AGENT } from '../agents/agent-hash.js';
import { createAgent } from '../agents/create-agent.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { startHeartbeat } from '../stats/heartbeat.js';
import { SECRET_CHECK } from './check-secret-key.js';
import { opens, rotateSecretKey } from './rotate-secret-key.js';
import { contextOf } from './sealed-values.js';
import { createSecretBox } from './secret-box.js';

jest.setTimeout(60_000);

const NEXT_KEY = 'the next key of enough length';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
afterAll(() => env?.close());

test('a save that began before the rotation leaves nothing that only the previous key opens', async () => {
  const secret = 'a secret of enough length';
  const input = { name: 'a', signature: { scheme: 'github' as const, secret } };
  const { id } = await createAgent(ctx, input, 'sandbox:echo');
  await ctx.redis.set(keys.secretCheck, ctx.secrets.seal(SECRET_CHECK, SECRET_CHECK));
  const before = (await ctx.redis.hget(keys.agent(id), AGENT.gate)) ?? '';
  const secrets = createSecretBox(NEXT_KEY, TEST_SECRET_KEY);
  const heartbeat = startHeartbeat(Object.create(ctx, { secrets: { value: secrets } }), { kind: 'api' });
  try {
    while ((await ctx.redis.scard(keys.processes)) === 0) await new Promise(setImmediate);
    const rotation = await rotateSecretKey(ctx.redis, NEXT_KEY, TEST_SECRET_KEY, () => {
      void ctx.redis.hset(keys.agent(id), AGENT.gate, before);
    });
    expect(rotation).toMatchObject({ outcome: 'rotated', agents: 1 });
    const gate = JSON.parse((await ctx.redis.hget(keys.agent(id), AGENT.gate)) ?? '');
    expect(opens(createSecretBox(NEXT_KEY), gate.signature.secret, contextOf.signature(id))).toBe(true);
  } finally {
    await heartbeat.stop(1_000);
  }
});
