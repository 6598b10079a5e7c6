import type { Context } from '../../context.js';
import { hourOf } from '../../queue/hour.js';
import { shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { type Condition, inWords, onlyOne } from './condition.js';
import { nameOf } from './subject-name.js';

/** How many parts of its time a rule remembers. */
const PARTS = 30;

/** What the counters of an hour said at a time in it. */
interface Sample {
  ms: number;
  ended: number;
  failed: number;
}

/**
 * The share of failed runs in the last time. Counters exist for whole hours, so the rule remembers what they
 * said at the beginning of each part of its time, and looks back to that. Runs that somebody stopped do not
 * count.
 */
export const failureRate: Condition<'failure_rate'> = {
  begin: async (ctx, rule) => [await sampleNow(ctx, rule.agent_id)],
  read: async (pass, rule, open, state) => {
    const { ctx, nowMs } = pass;
    const { agent_id, window_seconds, percent, min_runs } = rule;
    const windowMs = window_seconds * 1000;
    const known = (state ?? []) as Sample[];
    const base =
      known.findLast(({ ms }) => ms <= nowMs - windowMs) ?? known[0] ?? (await sampleNow(ctx, agent_id));
    const hours = await countsOf(ctx, agent_id, hourOf(base.ms), hourOf(nowMs));
    const ended = sum(hours, 'ended') - base.ended;
    const failed = sum(hours, 'failed') - base.failed;
    const share = ended > 0 ? (failed / ended) * 100 : 0;
    const isMany = ended >= min_runs;
    const firing = isMany &&
      share >= percent && {
        agentId: agent_id,
        text: async () =>
          `${await nameOf(ctx, agent_id)}: ${Math.round(share)} % of ${ended} runs failed within ` +
          `${inWords(window_seconds)} (limit ${percent} %).`,
      };
    // Too few runs say nothing, unless none of them failed.
    const reading = onlyOne(firing || undefined, open, isMany || failed === 0);
    const latest = known.at(-1);
    if (latest && nowMs - latest.ms < windowMs / PARTS) return reading;
    const current = hours.at(-1) ?? { ended: 0, failed: 0 };
    return { ...reading, state: [...known.filter(({ ms }) => ms >= base.ms), { ms: nowMs, ...current }] };
  },
};

type Counts = Omit<Sample, 'ms'>;

const sum = (hours: readonly Counts[], field: keyof Counts): number =>
  hours.reduce((total, counts) => total + counts[field], 0);

async function sampleNow(ctx: Context, agentId: string | null): Promise<Sample> {
  const ms = ctx.now();
  const [counts = { ended: 0, failed: 0 }] = await countsOf(ctx, agentId, hourOf(ms), hourOf(ms));
  return { ms, ...counts };
}

/** How many runs ended in each hour. */
async function countsOf(
  ctx: Context,
  agentId: string | null,
  first: number,
  last: number,
): Promise<Counts[]> {
  const shards = agentId === null ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  const hours = Array.from({ length: last - first + 1 }, (_, n) => first + n);
  const batch = ctx.redis.pipeline();
  for (const hour of hours)
    for (const shard of shards)
      batch.hmget(keys.stats(shard, agentId ?? ALL_AGENTS, hour), 'succeeded', 'failed', 'stopped');
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    const [succeeded = 0, failed = 0, stopped = 0] = (row as (string | null)[]).map(Number);
    return { ended: succeeded + failed - stopped, failed: failed - stopped };
  });
  return hours.map((_, n) => {
    const ofHour = rows.slice(n * shards.length, (n + 1) * shards.length);
    return { ended: sum(ofHour, 'ended'), failed: sum(ofHour, 'failed') };
  });
}
