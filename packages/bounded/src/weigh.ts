/** What a value costs beside its characters. */
const PER_VALUE = 16;

/**
 * Roughly how much work it is to go over a JSON value once: its characters, and a little for each value and key. Counts
 * no further than `limit`, so it takes no longer than that allows.
 */
export function weigh(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + PER_VALUE;
  let weight = PER_VALUE;
  if (value === null || typeof value !== 'object') return weight;
  for (const key in value) {
    weight += key.length + weigh((value as Record<string, unknown>)[key], limit - weight);
    if (weight > limit) break;
  }
  return weight;
}
