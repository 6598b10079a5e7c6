import { ExactNumber } from './exact-number.js';

/** Whether a value has an ExactNumber anywhere. Recursive: the value's depth must be bounded. */
export function hasExactNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof ExactNumber) return true;
  for (const key in value) if (hasExactNumber((value as Record<string, unknown>)[key])) return true;
  return false;
}

/**
 * A value with the nearest double in place of each ExactNumber, for code that computes with it. Returns the
 * value itself if it has none, otherwise a copy. Recursive: the value's depth must be bounded.
 */
export function withDoubles(value: unknown): unknown {
  if (!hasExactNumber(value)) return value;
  if (value instanceof ExactNumber) return Number(value);
  if (Array.isArray(value)) return value.map(withDoubles);
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, withDoubles(item)]));
}
