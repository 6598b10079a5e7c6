import { ExactNumber } from '@agenthook/json';

/** The cost of a value beyond its characters. */
const PER_VALUE = 16;
/** A value deeper than any payload is never cheap, because visiting it takes stack. */
const MAX_DEPTH = 100;

/**
 * Roughly the work of visiting a JSON value once: its characters, plus a little per value and key. Stops
 * counting at `limit`, which bounds its own time.
 */
export function weigh(value: unknown, limit: number, depth = 0): number {
  if (typeof value === 'string') return value.length + PER_VALUE;
  let weight = PER_VALUE;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  if (value === null || typeof value !== 'object') return weight;
  if (value instanceof ExactNumber) return weight + `${value}`.length;
  for (const key in value) {
    weight += key.length + weigh((value as Record<string, unknown>)[key], limit - weight, depth + 1);
    if (weight > limit) break;
  }
  return weight;
}
