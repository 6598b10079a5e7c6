/** Yields the values of a list or object one at a time, so that a large one is never copied. */
function* inside(value: object): Generator<unknown> {
  if (Array.isArray(value)) yield* value;
  else for (const key in value) yield (value as Record<string, unknown>)[key];
}

/** Whether a JSON value contains more than `most` values, itself included. Stops counting there. */
export function hasMoreThan(most: number, value: unknown): boolean {
  let left = most;
  const passes = (item: unknown): boolean => {
    left -= 1;
    if (left < 0) return true;
    if (item === null || typeof item !== 'object') return false;
    for (const part of inside(item)) if (passes(part)) return true;
    return false;
  };
  return passes(value);
}

/** Whether a JSON value nests deeper than `levels`. Looks no deeper, and visits each value once. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  for (const part of inside(value)) if (isDeeperThan(levels - 1, part)) return true;
  return false;
}
