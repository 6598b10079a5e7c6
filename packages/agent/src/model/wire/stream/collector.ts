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

/** How many characters the texts in a value have. Its depth must be limited. */
export function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return inner.reduce<number>((sum, each) => sum + textIn(each), 1);
}
