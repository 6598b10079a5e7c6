import type { Context } from '../context.js';
import { dayOf, hourOf } from '../queue/hour.js';
import { keys, type NamedKind, namedScope } from '../redis/keys.js';
import { OTHER } from './metrics/definitions.js';
import { shardsOf } from './scopes.js';

/** How many senders, models or error codes have counters of their own on a day, of all agents and of each. */
export const MOST_NAMES = 50;

/** A name with counters, and positions in a script's list of keys (named-counters.lua). */
interface NamedPlace {
  name: string;
  names: number;
  own: number;
  other: number;
}

/**
 * The positions of a name's counters at a time in ms: of all agents, and of one. `positionOf` gives each key
 * its position.
 */
export function namedPlaces(
  { shard, ms, agentId }: { shard: number; ms: number; agentId: string },
  kind: NamedKind,
  name: string,
  positionOf: (key: string) => number,
): NamedPlace[] {
  return [undefined, agentId].map((agent) => {
    const counters = (of: string) => positionOf(keys.stats(shard, namedScope(kind, of, agent), hourOf(ms)));
    const names = positionOf(keys.statNames(shard, kind, dayOf(ms), agent));
    return { name, names, own: counters(name), other: counters(OTHER) };
  });
}

/** The names that have counters on the days of a span, in the order of letters: of all agents, or of one. */
export async function readNames(
  ctx: Context,
  kind: NamedKind,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  agentId?: string,
): Promise<string[]> {
  const days = Array.from({ length: dayOf(toMs - 1) - dayOf(fromMs) + 1 }, (_, n) => dayOf(fromMs) + n);
  const sets = await Promise.all(
    shardsOf(ctx, agentId).flatMap((shard) =>
      days.map((day) => ctx.redis.smembers(keys.statNames(shard, kind, day, agentId))),
    ),
  );
  return [...new Set(sets.flat())].sort();
}
