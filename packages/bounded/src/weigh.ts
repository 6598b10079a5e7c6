/** What a value costs beside its characters. */
const PER_VALUE = 16;
/** What nests deeper than any payload may is never light: going over it takes stack. */
const MAX_DEPTH = 100;

/**
 * Roughly how much work it is to go over a JSON value once: its characters, and a little for each value and key. Counts
 * no further than `limit`, so it takes no longer than that allows.
 */
export function weigh(value: unknown, limit: number, depth = 0): number {
  if (typeof value === 'string') return value.length + PER_VALUE;
  let weight = PER_VALUE;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  if (value === null || typeof value !== 'object') return weight;
  for (const key in value) {
    weight += key.length + weigh((value as Record<string, unknown>)[key], limit - weight, depth + 1);
    if (weight > limit) break;
  }
  return weight;
}
