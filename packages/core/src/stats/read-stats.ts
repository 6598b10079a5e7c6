import type { StatsTotals } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { HOUR_MS } from '../queue/index-scripts.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { shardOfAgent } from '../tasks/task-id.js';
import { DURATION_FIELD, durationOf, NANO } from './counters.js';
import { hourOf } from './hour.js';

/** Counters by their fields, added up. */
type Counters = Record<string, number>;

/** A span of time and what was counted in it. */
interface StatsPoint extends StatsTotals {
  start: string;
}

export interface StatsSeries {
  totals: StatsTotals;
  series: StatsPoint[];
}

/**
 * What was counted of some agents, or of all without any named, in `[fromMs, toMs)`: in all, and in steps of `stepHours` that
 * begin at whole multiples of it (UTC). One read of a small hash for each hour, and for each shard or each named agent.
 */
export async function readStats(
  ctx: Context,
  span: { fromMs: number; toMs: number; stepHours: number },
  agentIds?: readonly string[],
): Promise<StatsSeries> {
  const counted = agentIds
    ? [...new Set(agentIds)].map((id) => ({ shard: shardOfAgent(id, ctx.queues.length), scope: id }))
    : [...ctx.queues.keys()].map((shard) => ({ shard, scope: ALL_AGENTS }));
  const first = hourOf(span.fromMs);
  const last = hourOf(span.toMs - 1);
  const batch = ctx.redis.pipeline();
  for (let hour = first; hour <= last; hour++) {
    for (const { shard, scope } of counted) batch.hgetall(keys.stats(shard, scope, hour));
  }
  const rows = (await batch.exec()) ?? [];

  const all: Counters = {};
  const steps = new Map<number, Counters>();
  for (let hour = first; hour <= last; hour++) {
    const start = hour - (hour % span.stepHours);
    const step = steps.get(start) ?? {};
    steps.set(start, step);
    for (const nth of counted.keys()) {
      const [error, row] = rows[(hour - first) * counted.length + nth] ?? [];
      if (error) throw error;
      for (const counters of [all, step]) add(counters, row as Record<string, string>);
    }
  }
  const series = [...steps].map(([hour, counters]) => ({
    start: new Date(hour * HOUR_MS).toISOString(),
    ...totalsOf(counters),
  }));
  return { totals: totalsOf(all), series };
}

function add(counters: Counters, row: Record<string, string>): void {
  for (const [field, value] of Object.entries(row)) counters[field] = (counters[field] ?? 0) + Number(value);
}

function totalsOf(counters: Counters): StatsTotals {
  const count = (field: string) => counters[field] ?? 0;
  const durations = Object.entries(counters)
    .flatMap(([field, n]) => {
      const bucket = DURATION_FIELD.exec(field)?.[1];
      return bucket === undefined ? [] : [{ bucket: Number(bucket), n }];
    })
    .sort((a, b) => a.bucket - b.bucket);
  return {
    triggered: count('triggered'),
    succeeded: count('succeeded'),
    failed: count('failed'),
    rejected: count('rejected'),
    p50_ms: percentile(durations, 0.5),
    p95_ms: percentile(durations, 0.95),
    input_tokens: count('input_tokens'),
    output_tokens: count('output_tokens'),
    cost_usd: count('cost_nano') / NANO,
  };
}

function percentile(durations: { bucket: number; n: number }[], share: number): number | null {
  let left = share * durations.reduce((sum, { n }) => sum + n, 0);
  for (const { bucket, n } of durations) {
    left -= n;
    if (left <= 0) return durationOf(bucket);
  }
  return null;
}
