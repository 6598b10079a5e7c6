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
  if (value instanceof ExactNumber) return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  const items = Object.entries(value);
  const doubles = items.map(([key, item]) => [key, withDoubles(item)] as const);
  if (doubles.every(([, item], n) => item === items[n]?.[1])) return value;
  return Array.isArray(value) ? doubles.map(([, item]) => item) : Object.fromEntries(doubles);
}
