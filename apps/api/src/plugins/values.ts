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
