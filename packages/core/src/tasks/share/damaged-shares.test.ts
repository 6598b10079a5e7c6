import { postOf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import { DAMAGE } from '../../../test/damage.js';
import { createAgent } from '../../agents/create-agent.js';
import { mintWebhook } from '../../agents/mint-webhook.js';
import type { Context } from '../../context.js';
import { eraseTask } from '../../erasing/erase.js';
import { trigger } from '../../intake/trigger.js';
import { keys } from '../../redis/keys.js';
import { hashToken } from '../../secrets/random-token.js';
import { cancelTask } from '../cancel.js';
import { openShare } from './open-share.js';
import { createShare, listShares } from './shares.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;

beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

const LINK = { shows: 'status', seconds: 60, by: null } as const;

test.each(DAMAGE)('a share link that is %s hides no other, and its task can be erased', async (damage) => {
  const { id } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const outcome = await trigger(ctx, { token, ...postOf('{}') });
  const taskId = ('task_id' in outcome && outcome.task_id) || '';
  await cancelTask(ctx, taskId);
  const sound = await createShare(ctx, taskId, LINK);
  await ctx.redis.hset(keys.shares(taskId), 'shr_bad', damage);
  const opened = await createShare(ctx, taskId, LINK);
  expect((await listShares(ctx, taskId)).map((share) => share.id).sort()).toEqual(
    [sound.share.id, opened.share.id].sort(),
  );
  expect((await openShare(ctx, sound.token)).state.status).toBe('FAILURE');
  await ctx.redis.set(keys.share(hashToken(opened.token)), damage, 'KEEPTTL');
  await expect(openShare(ctx, opened.token)).rejects.toMatchObject({ code: 'unknown_share' });
  await eraseTask(ctx, taskId);
  await expect(openShare(ctx, sound.token)).rejects.toMatchObject({ code: 'unknown_share' });
  expect(await ctx.redis.exists(keys.shares(taskId), keys.share(hashToken(sound.token)))).toBe(0);
});
