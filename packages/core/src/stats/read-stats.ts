import { iso, type StatsTotals } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { HOUR_MS, hourOf } from '../queue/hour.js';
import { shardOfAgent } from '../queue/task-id.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { DURATION_FIELD, durationOf, NANO } from './counters.js';
import { readStatsScript } from './read-stats.script.js';

/** Sums of counters, by field. */
type Counters = Record<string, number>;

/** A span of time with its counts. */
interface StatsPoint extends StatsTotals {
  start: string;
}

export interface StatsSeries {
  totals: StatsTotals;
  series: StatsPoint[];
}

/** How many counters one command reads. Redis does nothing else meanwhile. */
const AT_ONCE = 1_000;

/**
 * The counts of the named agents, or of all agents, in `[fromMs, toMs)`: in total, and in steps of
 * `stepHours` that begin at whole multiples of it (UTC). Reads a small hash per hour, for each shard or each
 * named agent.
 */
export async function readStats(
  ctx: Context,
  span: { fromMs: number; toMs: number; stepHours: number },
  agentIds?: readonly string[],
): Promise<StatsSeries> {
  const shards = [...ctx.queues.keys()];
  const counted = agentIds
    ? [...new Set(agentIds)].map((id) => ({ shard: shardOfAgent(id, shards.length), scope: id }))
    : shards.map((shard) => ({ shard, scope: ALL_AGENTS }));
  const first = hourOf(span.fromMs);
  const hours = Array.from({ length: hourOf(span.toMs - 1) - first + 1 }, (_, nth) => first + nth);
  const stepOf = (hour: number) => hour - (hour % span.stepHours);

  const all: Counters = {};
  const steps = new Map(hours.map((hour): [number, Counters] => [stepOf(hour), {}]));
  for (const shard of shards) {
    const places = counted
      .filter((one) => one.shard === shard)
      .flatMap(({ scope }) => hours.map((hour) => ({ hour, key: keys.stats(shard, scope, hour) })));
    for (let from = 0; from < places.length; from += AT_ONCE) {
      const some = places.slice(from, from + AT_ONCE);
      const rows = await readStatsScript(ctx.redis, { counters: some.map(({ key }) => key) });
      for (const [nth, row] of rows) {
        const step = steps.get(stepOf(some[nth - 1]?.hour ?? first)) ?? {};
        for (const counters of [all, step]) add(counters, row);
      }
    }
  }
  const series = [...steps].map(([hour, counters]) => ({
    start: iso(hour * HOUR_MS),
    ...totalsOf(counters),
  }));
  return { totals: totalsOf(all), series };
}

/** Adds a row of fields and values to the counters. */
function add(counters: Counters, row: string[]): void {
  for (let n = 0; n < row.length; n += 2) {
    const field = row[n] ?? '';
    counters[field] = (counters[field] ?? 0) + Number(row[n + 1]);
  }
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
    filtered: count('filtered'),
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
