import type { AgentGate } from '../agents/agent-hash.js';
import { AGENT } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { CONVERSATION, type ConversationEntry } from '../queue/conversation.js';
import type { EndSummary } from '../queue/ended-task.js';
import { bareFailure } from '../queue/failure.js';
import {
  ABOUT,
  type About,
  ASKS_FIELD,
  BODY_HASH,
  FIRST_STARTED_FIELD,
  OPTIONS_FIELD,
  PARKED_FIELD,
  type StoredOptions,
  SUMMARY_FIELD,
  WAITING_FIELD,
} from '../queue/job.js';
import { redisClock, redisTime } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { keysOfTask, onceKey, restoringKey } from './places.js';
import { placeEnded } from './restore-backup.js';

const SHARD = 0;
const AT_ONCE = 100;
const MESSAGE =
  'This task had not ended when the backup was made that it was restored from. It may have run elsewhere since. ' +
  'Replay it if it has not.';

/** What BullMQ and we keep of a task that waits; one that has ended has none of it. */
const OF_WAITING = [ASKS_FIELD, PARKED_FIELD, WAITING_FIELD, 'defa', 'processedOn'];

/**
 * Decides about the tasks of a restored backup that had not ended: those that had begun end FAILURE with
 * `restored`, because what they did may have had effects, and others may go on with them. Those that had not
 * begun wait again, oldest first, if `runWaiting`; otherwise they end too. May be run again.
 */
export async function endRestored(
  ctx: Context,
  runWaiting: boolean,
): Promise<{ waiting: number; ended: number }> {
  const counted = { waiting: 0, ended: 0 };
  for (;;) {
    const ids = await ctx.redis.zrange(restoringKey, '0', String(AT_ONCE - 1));
    if (ids.length === 0) return counted;
    for (const id of ids) {
      const outcome = await settle(ctx, id, runWaiting);
      if (outcome) counted[outcome]++;
      await ctx.redis.zrem(restoringKey, id);
    }
  }
}

async function settle(
  ctx: Context,
  id: string,
  runWaiting: boolean,
): Promise<'waiting' | 'ended' | undefined> {
  const at = keysOfTask(id);
  const job = await ctx.redis.hgetall(at.job);
  const options = job[OPTIONS_FIELD];
  if (options === undefined || job.finishedOn !== undefined) return undefined;
  const parsed = JSON.parse(options) as StoredOptions & Record<string, unknown>;
  const about = parsed[ABOUT];
  const hasBegun = job[FIRST_STARTED_FIELD] !== undefined || Number(job.atm ?? 0) > 0;
  if (runWaiting && about && !hasBegun && job.data !== undefined) {
    await wait(ctx, id, { data: job.data, onceName: job.deid }, about, parsed);
    return 'waiting';
  }
  const now = ctx.now();
  const failure = bareFailure('restored', MESSAGE);
  const summary: EndSummary = {
    code: failure.error.code,
    model: null,
    steps: null,
    input_tokens: 0,
    output_tokens: 0,
    cost_usd: null,
  };
  const fields = {
    finishedOn: now,
    failedReason: JSON.stringify(failure),
    [SUMMARY_FIELD]: JSON.stringify(summary),
  };
  const batch = ctx.redis
    .multi()
    .hdel(at.job, ...OF_WAITING)
    .hset(at.job, fields);
  placeEnded(batch, id, about?.agent, false, now, job.timestamp ?? now);
  for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
  return 'ended';
}

/** Adds the task to the queue again, with its id, as if its event had just come. */
async function wait(
  ctx: Context,
  id: string,
  { data, onceName }: { data: string; onceName: string | undefined },
  about: About,
  { attempts, [BODY_HASH]: bodyHash }: StoredOptions,
): Promise<void> {
  const conversation = await conversationOf(ctx, about);
  const ttlMs = onceName === undefined ? 0 : await ctx.redis.pttl(onceKey(onceName));
  await ctx.redis.del(keysOfTask(id).job);
  const options = { attempts, ...ctx.queues[SHARD]?.defaultJobOptions };
  await ctx.addTask(SHARD, {
    id,
    about,
    data,
    options,
    conversation,
    // A retry with its idempotency key must go on finding it.
    idempotency:
      onceName === undefined || ttlMs <= 0
        ? undefined
        : { id: onceName, ttlMs, ...(bodyHash !== undefined && { bodyHash }) },
    redisNow: redisClock(await redisTime(ctx.redis)),
  });
}

/** How the task takes part in its conversation, by the agent's present settings. */
async function conversationOf(ctx: Context, about: About): Promise<ConversationEntry | undefined> {
  if (about.conversation === undefined) return undefined;
  const [gate, row] = await Promise.all([
    ctx.redis.hget(keys.agent(about.agent), AGENT.gate),
    ctx.redis.hgetall(keys.conversation(SHARD, about.conversation)),
  ]);
  const config = gate === null ? undefined : (JSON.parse(gate) as AgentGate).conversation;
  if (!config) return undefined;
  return {
    id: about.conversation,
    whenBusy: config.when_busy,
    ttlMs: config.ttl_seconds * 1000,
    key: row[CONVERSATION.key] ?? '',
    isTest: row[CONVERSATION.isTest] === '1',
  };
}
