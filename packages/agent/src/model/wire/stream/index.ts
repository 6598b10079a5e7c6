import { isJsonObject } from '@agenthook/json';
import { nestsDeeper } from '../../../json-depth.js';
import { type Json, parseOrUndefined } from '../json.js';
import { collectChat } from './chat.js';
import type { Collector } from './collector.js';
import { eventData, wholeBody } from './events.js';
import { collectContent } from './generate-content.js';
import { collectMessage } from './messages.js';
import { collectOllama } from './ollama.js';
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
  /** The end of the path for streams, if it is another one. */
  streamPath?: string;
  /** What its query has for streams. */
  streamQuery?: [name: string, value: string];
  /** What its requests have for a stream, and for an answer in one piece. */
  streamed?: Json;
  inOnePiece?: Json;
  /** Whether its streams may be lines of JSON. */
  isLines?: true;
  /** Whether its streams may be one list of events. */
  isList?: true;
}

/** The APIs that are asked for a stream. The SDK itself streams from Bedrock, whose requests are signed. */
const WIRES: Wire[] = [
  {
    path: '/chat/completions',
    collect: collectChat,
    streamed: { stream: true, stream_options: { include_usage: true } },
    isLines: true,
  },
  { path: '/responses', collect: collectResponse, streamed: { stream: true } },
  { path: '/messages', collect: collectMessage, streamed: { stream: true } },
  {
    path: ':rawPredict',
    streamPath: ':streamRawPredict',
    collect: collectMessage,
    streamed: { stream: true },
  },
  {
    path: ':generateContent',
    streamPath: ':streamGenerateContent',
    streamQuery: ['alt', 'sse'],
    collect: collectContent,
    // Google answers so where a gateway drops the query.
    isList: true,
  },
  {
    path: '/api/chat',
    collect: collectOllama,
    streamed: { stream: true },
    inOnePiece: { stream: false },
    isLines: true,
  },
];

export const wireOf = (url: URL): Wire | undefined => WIRES.find(({ path }) => url.pathname.endsWith(path));

/** The URL for a stream. */
export function streamUrl({ path, streamPath, streamQuery }: Wire, address: string): string {
  if (streamPath === undefined) return address;
  const url = new URL(address);
  url.pathname = url.pathname.slice(0, -path.length) + streamPath;
  if (streamQuery) url.searchParams.set(...streamQuery);
  return url.href;
}

/** A body with more fields; unchanged if there are none, undefined if it is no JSON object. */
export function withFields(body: unknown, fields: Json | undefined): string | undefined {
  if (typeof body !== 'string' || !body.startsWith('{"') || !body.endsWith('}')) return undefined;
  return fields === undefined ? body : `${body.slice(0, -1)},${JSON.stringify(fields).slice(1)}`;
}

/** What a field of an event stream begins with, or a comment. */
const FIELD = /^(?:data|event|id|retry|error)?:/;

/** What reads a body that begins with `text`; undefined if it is no stream. Labels are often wrong. */
export function readerOf(wire: Wire, text: string, label: string | null): typeof eventData | undefined {
  if (FIELD.test(text)) return eventData;
  if (wire.isList === true && text.startsWith('[')) return wholeBody;
  // One object over several lines is an answer in one piece.
  const isLines = wire.isLines === true && /^\{(?!\s{0,9}[\r\n])/.test(text) && LINES.test(label ?? '');
  return isLines ? eventData : undefined;
}

/** Labels of streams whose events may be lines of JSON. */
const LINES = /ndjson|jsonl|event-stream/;

interface Streamed {
  /** The answer as its API returns it without streaming, or `{error}`; undefined if the stream was cut. */
  whole: Json | undefined;
  /** How the stream begins, for people. */
  beginning: string;
}

/**
 * Reads an answer that arrives as a stream. An event that cannot be read is a cut answer, because what it
 * held may be part of a call. Throws the stream's error if the connection breaks, and `tooLarge()` if the
 * answer has more than `most` characters.
 */
export async function readStream(
  wire: Wire,
  body: ReadableStream<Uint8Array>,
  most: number,
  tooLarge: () => Error,
  reader = eventData,
): Promise<Streamed> {
  const collector = wire.collect();
  let sent = 0;
  let kept = 0;
  let beginning = '';
  const end = (isDone: boolean): Streamed => ({
    whole: collector.isComplete(isDone) ? collector.whole() : undefined,
    beginning,
  });
  for await (const { data, isError } of reader(body, most, tooLarge)) {
    sent += data.length;
    if (sent > most * FRAMES || kept > most) throw tooLarge();
    if (beginning.length < SHOWN) beginning += `data: ${data.slice(0, SHOWN)}\n\n`;
    const events = eventsIn(data);
    if (isError) return { whole: { error: reported(events[0]) ?? data.slice(0, SHOWN) }, beginning };
    for (const event of events) {
      if (event === DONE) return end(true);
      if (event === BROKEN) return { whole: undefined, beginning };
      const error = errorIn(event);
      if (error !== undefined) return { whole: { error }, beginning };
      kept += collector.add(event);
    }
  }
  return end(false);
}

const DONE = '[DONE]';
const BROKEN = 'broken';
type Read = Json | typeof DONE | typeof BROKEN;

/**
 * The events in the data of one. Servers that send no empty lines between events have several, and so
 * has a list. Words that are no JSON keep a connection open.
 */
function eventsIn(data: string): Read[] {
  if (data.trim() === DONE) return [DONE];
  const event = nestsDeeper(data, DEEPEST) ? undefined : parseOrUndefined(data);
  if (isJsonObject(event)) return [event];
  if (Array.isArray(event)) return event.filter(isJsonObject);
  if (data.includes('\n')) return data.split('\n').flatMap(eventsIn);
  return /^(?:\{|\[\s*\{)/.test(data.trimStart()) ? [BROKEN] : [];
}

/** What an event of the type `error` says. */
const reported = (event: Read | undefined): unknown =>
  isJsonObject(event) ? (errorIn(event) ?? event) : undefined;

/** The error that an event reports: in `error`, as a whole, as vLLM did before 0.10, or as MiniMax does. */
function errorIn(event: Json): unknown {
  const { error, object, base_resp } = event;
  if (object === 'error') return event;
  if (isJsonObject(base_resp) && base_resp.status_code)
    return { ...base_resp, message: base_resp.status_msg };
  const isError = isJsonObject(error)
    ? Object.keys(error).length > 0
    : typeof error === 'string' && error !== '';
  return isError ? error : undefined;
}
