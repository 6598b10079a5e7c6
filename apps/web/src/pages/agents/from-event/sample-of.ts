import { parseJson } from '@agenthook/json';
import type { SampleEvent } from './filter-of.js';

interface Kept {
  headers: Record<string, string | null>;
  body: string;
}

/** A kept request as an event: its body as JSON, or else as text, and the headers that were kept. */
export function sampleOf({ headers, body }: Kept): SampleEvent {
  const kept = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  return { payload: payloadOf(body), headers: Object.fromEntries(kept) };
}

function payloadOf(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}
