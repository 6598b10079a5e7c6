import { parseAnswer } from '@agenthook/json';

export type Json = Record<string, unknown>;

/** The value of a JSON text, with all digits of its numbers unless it is long; undefined if it is none. */
export function parseOrUndefined(text: string): unknown {
  try {
    return parseAnswer(text);
  } catch {
    return undefined;
  }
}
