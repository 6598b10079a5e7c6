import { isJsonObject } from '@agenthook/json';
import type { Json } from '../json.js';

/** Puts the events of a streamed answer together. */
export interface Collector {
  /** Returns how many characters of the event are kept. */
  add(event: Json): number;
  /**
   * Whether the answer has its end.
   *
   * @param isDone whether the stream has said `[DONE]`
   */
  isComplete(isDone: boolean): boolean;
  /** The answer as its API returns it without streaming. */
  whole(): Json;
}

/**
 * Characters that each part of an answer counts in addition to its texts, so that the limit on characters
 * also bounds the number of parts.
 */
export const PART = 64;

/** How many fields one object of an answer has at most. No API has more than a few dozen. */
const MOST_FIELDS = 200;

/**
 * Adds fields to an object in place, because copying it for each event would take quadratic time. `value`
 * returns what to store, from the value before and the new one. Ignores `__proto__`, and new fields once the
 * object has MOST_FIELDS.
 */
export function addFields(
  to: Json,
  from: Json,
  value: (before: unknown, given: unknown) => unknown = (_before, given) => given,
): void {
  for (const [key, given] of Object.entries(from)) {
    if (key === '__proto__') continue;
    const isKnown = Object.hasOwn(to, key);
    if (!isKnown && Object.keys(to).length >= MOST_FIELDS) continue;
    to[key] = value(isKnown ? to[key] : undefined, given);
  }
}

/** How many characters the texts in a value have. Its depth must be limited. */
export function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.reduce<number>((sum, each) => sum + textIn(each), 1);
}
