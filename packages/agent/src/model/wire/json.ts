import { parseJson } from '@agenthook/json';

export type Json = Record<string, unknown>;

/** The value of a JSON text, with all digits of its numbers; undefined if it is none. */
export function parseOrUndefined(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
