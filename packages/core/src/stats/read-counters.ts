import { setImmediate } from 'node:timers/promises';
import type { Context } from '../context.js';
import { DAY_MS, HOUR_MS, STATS_TTL_SECONDS } from '../queue/hour.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { readStatsScript } from './read-stats.script.js';
import type { Scope } from './scopes.js';

/** Sums of counters, by field. */
export type Counters = Record<string, number>;

/** Counters of a scope from an hour on: of that hour, or of a whole day. */
interface Part {
  scope: Scope;
  hour: number;
  counters: Counters;
}

/** How many counters one command reads. Redis does nothing else meanwhile. */
const AT_ONCE = 200;
const DAY_HOURS = DAY_MS / HOUR_MS;
/** How many days are summed up together. */
const DAYS_AT_ONCE = 8;
/** When a day is summed up, in hours after its end. Ends of tasks may be counted late. */
const CLOSED_AFTER = 24;
/** The field of a day's sum that says that it was made, for days without any event. */
const MADE = 'made';

interface Place {
  scope: Scope;
  hour: number;
  key: string;
}

/**
 * Reads the counters of scopes for hours from `first` to `last`. With `byDay`, a day that has been over for
 * long is read as one sum, which is stored when it is first needed. Lets others run after each command.
 */
export async function* countersOf(
  ctx: Context,
  scopes: readonly Scope[],
  { first, last }: { first: number; last: number },
  byDay: boolean,
): AsyncGenerator<Part> {
  const closed = Math.floor(ctx.now() / HOUR_MS) - CLOSED_AFTER;
  const [days, hours]: [Place[], Place[]] = [[], []];
  for (const scope of scopes) {
    for (let hour = first; hour <= last; ) {
      const isDay = byDay && hour % DAY_HOURS === 0 && hour + DAY_HOURS - 1 <= last;
      if (isDay && hour + DAY_HOURS <= closed) {
        days.push({ scope, hour, key: keys.dayStats(scope.shard, scope.scope, hour / DAY_HOURS) });
        hour += DAY_HOURS;
      } else {
        hours.push(hourPlace(scope, hour));
        hour++;
      }
    }
  }
  yield* read(ctx, hours);
  const missing = new Set(days);
  for await (const part of read(ctx, days)) {
    missing.delete(part.place);
    yield part;
  }
  const unmade = [...missing];
  for (let from = 0; from < unmade.length; from += DAYS_AT_ONCE)
    yield* await sumUp(ctx, unmade.slice(from, from + DAYS_AT_ONCE));
}

const hourPlace = (scope: Scope, hour: number): Place => ({
  scope,
  hour,
  key: keys.stats(scope.shard, scope.scope, hour),
});

/** Reads days hour by hour, and stores their sums. */
async function sumUp(ctx: Context, days: readonly Place[]): Promise<Part[]> {
  const sums = new Map(days.map((day) => [day.key, { ...day, counters: {} as Counters }]));
  const hours = days.flatMap(({ scope, hour, key }) =>
    Array.from({ length: DAY_HOURS }, (_, n) => ({ ...hourPlace(scope, hour + n), day: key })),
  );
  for await (const { place, counters } of read(ctx, hours))
    add(sums.get(place.day)?.counters ?? {}, counters);
  const batch = ctx.redis.pipeline();
  const named = await knownScopes(ctx, days);
  for (const { key, hour, scope, counters } of sums.values()) {
    const left = STATS_TTL_SECONDS - Math.floor((ctx.now() - (hour + DAY_HOURS) * HOUR_MS) / 1000);
    const isWorth = named.has(scope) || Object.keys(counters).length > 0;
    if (left > 0 && isWorth) batch.hset(key, { ...counters, [MADE]: 1 }).expire(key, left);
  }
  // A full Redis does not store them. The next reader tries again.
  await batch.exec().catch(() => undefined);
  return [...sums.values()];
}

/** All agents together, and the agents that exist. A caller may name others, for which nothing is stored. */
async function knownScopes(ctx: Context, days: readonly Place[]): Promise<Set<Scope>> {
  const scopes = [...new Set(days.map(({ scope }) => scope))];
  const found = await Promise.all(
    scopes.map(({ scope }) => scope === ALL_AGENTS || ctx.redis.exists(keys.agent(scope))),
  );
  return new Set(scopes.filter((_, n) => Boolean(found[n])));
}

/** Adds counters to others. */
export function add(to: Counters, counters: Counters): void {
  for (const [field, count] of Object.entries(counters)) to[field] = (to[field] ?? 0) + count;
}

async function* read<At extends Place>(
  ctx: Context,
  places: readonly At[],
): AsyncGenerator<Part & { place: At }> {
  for (let from = 0; from < places.length; ) {
    const shard = places[from]?.scope.shard;
    const some = places.slice(from, from + AT_ONCE).filter(({ scope }) => scope.shard === shard);
    // Places are in the order of their scopes, and a scope has one shard.
    const rows = await readStatsScript(ctx.redis, { counters: some.map(({ key }) => key) });
    for (const [nth, row] of rows) {
      const place = some[nth - 1];
      if (place) yield { place, scope: place.scope, hour: place.hour, counters: countersIn(row) };
    }
    from += some.length;
    await setImmediate();
  }
}

/** A row of fields and values. */
function countersIn(row: string[]): Counters {
  const counters: Counters = {};
  for (let n = 0; n < row.length; n += 2) if (row[n] !== MADE) counters[row[n] ?? ''] = Number(row[n + 1]);
  return counters;
}
