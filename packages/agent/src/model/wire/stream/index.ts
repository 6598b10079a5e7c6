import { isJsonObject } from '@agenthook/json';
import { nestsDeeper } from '../../../json-depth.js';
import { type Json, parseOrUndefined } from '../json.js';
import { collectChat } from './chat.js';
import type { Collector } from './collector.js';
import { eventData } from './events.js';
import { collectMessage } from './messages.js';
import { collectResponse } from './responses.js';

/** How much longer the events of an answer may be than the answer: a token has a few hundred characters. */
const FRAMES = 16;
/** How deep an event may nest. */
const DEEPEST = 200;

/** How much of a stream is shown where it was cut, in characters. */
const SHOWN = 2_000;

interface Wire {
  /** The end of its path. */
  path: string;
  collect: () => Collector;
  /** What its requests have beside `stream`. */
  options?: Json;
}

/** The APIs that are asked for a stream. Google has another URL for it. */
const WIRES: Wire[] = [
  { path: '/chat/completions', collect: collectChat, options: { stream_options: { include_usage: true } } },
  { path: '/responses', collect: collectResponse },
  { path: '/messages', collect: collectMessage },
];

export const wireOf = (url: URL): Wire | undefined => WIRES.find(({ path }) => url.pathname.endsWith(path));

/** The body of a request that asks for a stream; undefined if it is no JSON object. */
export function streamedBody(wire: Wire, body: unknown): string | undefined {
  if (typeof body !== 'string' || !body.startsWith('{"') || !body.endsWith('}')) return undefined;
  return `${body.slice(0, -1)},${JSON.stringify({ stream: true, ...wire.options }).slice(1)}`;
}

interface Streamed {
  /** The answer as its API returns it without streaming, or `{error}`; undefined if the stream was cut. */
  whole: Json | undefined;
  /** How the stream begins, for people. */
  beginning: string;
}

/**
 * Reads an answer that arrives as a stream. Throws the stream's error if the connection breaks, and
 * `tooLarge()` if the answer has more than `most` characters.
 */
export async function readStream(
  wire: Wire,
  body: ReadableStream<Uint8Array>,
  most: number,
  tooLarge: () => Error,
): Promise<Streamed> {
  const collector = wire.collect();
  let sent = 0;
  let kept = 0;
  let beginning = '';
  for await (const data of eventData(body, most, tooLarge)) {
    if (data === '[DONE]') break;
    sent += data.length;
    if (sent > most * FRAMES || kept > most) throw tooLarge();
    if (beginning.length < SHOWN) beginning += `data: ${data.slice(0, SHOWN)}\n\n`;
    const event = nestsDeeper(data, DEEPEST) ? undefined : parseOrUndefined(data);
    if (!isJsonObject(event)) continue;
    if (isError(event.error)) return { whole: { error: event.error }, beginning };
    kept += collector.add(event);
  }
  return { whole: collector.isComplete() ? collector.whole() : undefined, beginning };
}

const isError = (error: unknown): boolean =>
  isJsonObject(error) ? Object.keys(error).length > 0 : typeof error === 'string' && error !== '';
