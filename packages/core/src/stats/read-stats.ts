import { iso, type StatsTotals } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { HOUR_MS, hourOf } from '../queue/hour.js';
import { type NamedKind, namedScope } from '../redis/keys.js';
import { DURATION_FIELD, durationOf, NANO } from './counters.js';
import { readNames } from './named.js';
import { add, type Counters, countersOf } from './read-counters.js';
import { type Scope, scopesOf, shardsOf } from './scopes.js';

/** A span of time with its counts. */
interface StatsPoint extends StatsTotals {
  start: string;
}

export interface StatsSeries {
  totals: StatsTotals;
  series: StatsPoint[];
}

interface Span {
  fromMs: number;
  toMs: number;
  /** 1 or 24. Steps begin at whole multiples of it (UTC). */
  stepHours: number;
}

/**
 * The counts of the named agents, or of all agents, in `[fromMs, toMs)`: in total, and in steps. Reads take
 * turns in this process, and each gives others time between its commands.
 */
export const readStats = (ctx: Context, span: Span, agentIds?: readonly string[]): Promise<StatsSeries> =>
  ctx.statsWork(async () => {
    const scopes = scopesOf(ctx, agentIds);
    const steps = stepsOf(span);
    await readSteps(ctx, span, scopes, () => steps);
    return seriesOf(steps);
  });

/** The counts of each of the named agents, and of all of them together. */
export const readStatsByAgent = (
  ctx: Context,
  span: Span,
  agentIds: readonly string[],
): Promise<{ all: StatsSeries; byAgent: Map<string, StatsSeries> }> =>
  ctx.statsWork(async () => {
    const scopes = scopesOf(ctx, agentIds);
    const byAgent = new Map(scopes.map(({ scope }) => [scope, stepsOf(span)]));
    await readSteps(ctx, span, scopes, ({ scope }) => byAgent.get(scope) ?? new Map());
    const all = stepsOf(span);
    for (const steps of byAgent.values())
      for (const [start, counters] of steps) add(all.get(start) ?? {}, counters);
    return { all: seriesOf(all), byAgent: new Map([...byAgent].map(([id, steps]) => [id, seriesOf(steps)])) };
  });

/** The counts of each sender, model or error code that has some in the span, of all agents or of one. */
export const readStatsByName = (
  ctx: Context,
  span: Span,
  kind: NamedKind,
  agentId?: string,
): Promise<Map<string, StatsSeries>> =>
  ctx.statsWork(async () => {
    const byName = new Map((await readNames(ctx, kind, span, agentId)).map((name) => [name, stepsOf(span)]));
    const nameOf = new Map([...byName.keys()].map((name) => [namedScope(kind, name, agentId), name]));
    const shards = shardsOf(ctx, agentId);
    const scopes = [...nameOf.keys()].flatMap((scope) => shards.map((shard) => ({ shard, scope })));
    await readSteps(ctx, span, scopes, ({ scope }) => byName.get(nameOf.get(scope) ?? '') ?? new Map());
    return new Map([...byName].map(([name, steps]) => [name, seriesOf(steps)]));
  });

/** Sums by the hour at which their step begins. */
type Steps = Map<number, Counters>;

const stepOf = (hour: number, { stepHours }: Span): number => hour - (hour % stepHours);

function stepsOf(span: Span): Steps {
  const [first, last] = [hourOf(span.fromMs), hourOf(span.toMs - 1)];
  const hours = Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
  return new Map(hours.map((hour) => [stepOf(hour, span), {}]));
}

async function readSteps(
  ctx: Context,
  span: Span,
  scopes: readonly Scope[],
  of: (scope: Scope) => Steps,
): Promise<void> {
  const [first, last] = [hourOf(span.fromMs), hourOf(span.toMs - 1)];
  for await (const { scope, hour, counters } of countersOf(ctx, scopes, { first, last }, span.stepHours > 1))
    add(of(scope).get(stepOf(hour, span)) ?? {}, counters);
}

function seriesOf(steps: Steps): StatsSeries {
  const all: Counters = {};
  for (const counters of steps.values()) add(all, counters);
  const series = [...steps].map(([hour, counters]) => ({
    start: iso(hour * HOUR_MS),
    ...totalsOf(counters),
  }));
  return { totals: totalsOf(all), series };
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
