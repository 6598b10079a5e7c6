import { beginningOf } from '../../beginning-of.js';
import { ToolError } from '../tool.js';
import { isResultOf, type Mender } from './mend.js';
import { mendEvents, mendJson } from './mend-body.js';

const MIB = 1024 * 1024;
/**
 * The limit until an SSE server has named its endpoint, which the SDK parses as a URL: parsing an
 * international name of about 10,000 characters takes a second.
 */
const MOST_GREETING_BYTES = 4 * 1024;
/** The limit for all answers until the server's tools are known. */
const MOST_OPENING_BYTES = 2 * MIB;
/**
 * The limit for one answer after that. The event stream of the SSE transport is a single answer with all of a
 * run's results.
 */
const MOST_BYTES = { http: 4 * MIB, sse: 8 * MIB };

const CR = 13;
const LF = 10;

/**
 * JSON-RPC leaves -32000 and below to implementations, https://www.jsonrpc.org/specification#error_object.
 */
export const LOST = -32_000;

/**
 * Not a URL, so the SDK, which waits for one, fails at once. Begins with an empty line, as lastEvent does.
 */
const NO_ENDPOINT = '\n\nevent: endpoint\ndata: http://\n\n';

export interface GuardOptions {
  transport: 'http' | 'sse';
  /** Whether the server has no sessions. */
  isStateless?: boolean;
  /** Ends all requests and streams. */
  lifetime: AbortSignal;
  /** Whether the server's tools are still unknown. */
  isOpening: () => boolean;
  /** Called with the reason an answer was cut, because the rest may only look like broken JSON. */
  onExcess: (why: ToolError) => void;
  /** Called when the server no longer knows the session of a request, which it has not carried out. */
  onSessionLost: () => void;
  mender: Pick<Mender, 'asked' | 'mend'>;
}

/**
 * Wraps a fetch for the SDK's MCP transports, which hostile or dying servers could exploit in three ways: the
 * transports read answers of any size, wait forever for a result whose stream has ended, and, when a failed
 * stream is closed, reject a promise that no one handles. So streams are cut if they are too long, end
 * instead of failing, and report in their last event that pending requests will not be answered.
 */
export function guardFetch(
  fetch: typeof globalThis.fetch,
  { transport, isStateless = false, lifetime, isOpening, onExcess, onSessionLost, mender }: GuardOptions,
): typeof fetch {
  const asked = new Set<string | number>();
  let openingBytes = 0;
  /** Counts the bytes of one answer. Returns the reason once they exceed a limit. */
  const meter = () => {
    let bytes = 0;
    const most = MOST_BYTES[transport];
    return (more: number): string | undefined => {
      const isListing = isOpening();
      if (isListing) openingBytes += more;
      else bytes += more;
      // The SDK sends its first request once it knows the endpoint.
      if (transport === 'sse' && asked.size === 0 && openingBytes > MOST_GREETING_BYTES) {
        const greeting = `sent more than ${MOST_GREETING_BYTES / 1024} KiB`;
        onExcess(new ToolError(`The server ${greeting} before it named its endpoint.`));
        return greeting;
      }
      if (openingBytes <= MOST_OPENING_BYTES && bytes <= most) return undefined;
      const why = `sent more than ${(isListing ? MOST_OPENING_BYTES : most) / MIB} MiB`;
      onExcess(new ToolError(`The server ${why}${isListing ? ' while listing its tools' : ''}.`));
      return why;
    };
  };
  return async (input, init) => {
    const { id, method } = requestOf(init);
    if (isStateless && method === 'server/discover') return discovered(id);
    if (id !== undefined) {
      asked.add(id);
      mender.asked(id, method);
    }
    const signals = [lifetime, ...(init?.signal ? [init.signal] : [])];
    const given = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    // Some servers refuse what needs no answer: notifications, and answers to their own requests.
    if (init?.method === 'POST' && id === undefined && !given.ok) {
      await given.body?.cancel();
      return new Response(null, { status: 202 });
    }
    // The SSE transport answers on the one stream that it gets.
    const hasAnswers = transport === 'sse' ? init?.method !== 'POST' : id !== undefined;
    const response = hasAnswers ? await labelled(given) : given;
    if (response.body === null) return response;
    // A message without an id answers the request in whose response it comes.
    const own = transport === 'sse' ? undefined : id;
    const mend = (text: string) => mender.mend(text, own);
    // Streamable HTTP answers on the request's own stream. Its other stream may end at any time.
    const lost = (why: string): string[] => {
      if (transport === 'sse' && asked.size === 0) return [NO_ENDPOINT];
      const ids = transport === 'sse' ? [...asked] : id === undefined ? [] : [id];
      return ids.map((each) => lastEvent(each, why));
    };
    const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
    if (transport === 'sse' && response.ok && init?.method !== 'POST' && !isStream) {
      await response.body.cancel();
      throw new ToolError(
        'The MCP server does not answer with an event stream. Its transport may be `http`.',
      );
    }
    const read = isStream ? response.body.pipeThrough(lineFeeds()) : response.body;
    const body = endInsteadOfFail(read, meter(), isStream ? lost : () => []);
    const { status, statusText, headers } = response;
    if (!response.ok && id !== undefined) {
      const text = await new Response(body).text();
      // Only a result with its id answers the request: the status says more than any other body.
      const mended = mender.mend(text);
      const isAnswer = transport === 'http' && isResultOf(id, mended);
      if (isAnswer) return new Response(mended, { headers: { 'content-type': JSON_TYPE } });
      if (!isStateless && !isOpening() && isLostSession(status, text)) onSessionLost();
      return new Response(mended, { status, statusText, headers });
    }
    const mended = body.pipeThrough(isStream ? mendEvents(mend) : mendJson(mend));
    return new Response(mended, { status, statusText, headers });
  };
}

/** The lines that an event stream begins with. */
const FIELD = /^(?:data|event|id|retry)?:/;

const JSON_TYPE = 'application/json';

/**
 * What the SDK wants to know of a server without sessions, which it gives one second. The server's refusal of
 * `initialize` has told it already.
 */
function discovered(id: string | number | undefined): Response {
  const result = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };
  return Response.json({ jsonrpc: '2.0', id, result });
}

/** An answer with the type and the status that its content shows. Labels are missing, or wrong. */
async function labelled(response: Response): Promise<Response> {
  if (!response.ok || response.body === null) return response;
  const headers = new Headers(response.headers);
  const { text, all } = await beginningOf(response.body);
  const isStream = FIELD.test(text);
  if (text !== '') headers.set('content-type', isStream ? 'text/event-stream' : JSON_TYPE);
  // The SDK does not read a 202.
  const status = isStream || /^[[{]/.test(text) ? 200 : response.status;
  return new Response(all, { status, statusText: response.statusText, headers });
}

/**
 * Whether a server says that it does not know the session: 404, by the specification, or 400, as many do.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
const isLostSession = (status: number, text: string): boolean =>
  status === 404 || (status === 400 && /session/i.test(text));

/** The posted JSON-RPC request; without an id for a notification or an answer. */
function requestOf(init: RequestInit | undefined): { id?: string | number | undefined; method: string } {
  if (typeof init?.body !== 'string') return { method: '' };
  const { method = '', id } = JSON.parse(init.body) as { method?: string; id?: string | number };
  return method === '' ? { method } : { id, method };
}

/** Converts every line end to LF: the SDK's event stream parser rescans its whole buffer for each CR. */
function lineFeeds(): TransformStream<Uint8Array, Uint8Array> {
  let isAfterCr = false;
  return new TransformStream({
    transform(chunk, controller) {
      if (!isAfterCr && !chunk.includes(CR)) return controller.enqueue(chunk);
      const lines = new Uint8Array(chunk.length);
      let length = 0;
      for (const byte of chunk) {
        if (byte !== LF || !isAfterCr) lines[length++] = byte === CR ? LF : byte;
        isAfterCr = byte === CR;
      }
      controller.enqueue(lines.subarray(0, length));
    },
  });
}

function endInsteadOfFail(
  body: ReadableStream<Uint8Array>,
  excess: (bytes: number) => string | undefined,
  lastEvents: (why: string) => string[],
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  let cancelled = false;

  /** The next bytes or, at the end, how the stream ended. */
  async function read(): Promise<Uint8Array | string> {
    try {
      const { done, value } = await reader.read();
      if (done) return 'closed the connection before it answered';
      const why = excess(value.byteLength);
      if (why === undefined) return value;
      await cancel();
      return why;
    } catch {
      return 'broke the connection before it answered';
    }
  }

  return new ReadableStream({
    pull: async (controller) => {
      const chunk = await read();
      if (cancelled) return;
      if (typeof chunk !== 'string') return controller.enqueue(chunk);
      for (const event of lastEvents(chunk)) controller.enqueue(new TextEncoder().encode(event));
      controller.close();
    },
    cancel: () => {
      cancelled = true;
      return cancel();
    },
  });
}

/** Begins with an empty line, because the stream may have ended within an event. */
function lastEvent(id: string | number, what: string): string {
  const message = { jsonrpc: '2.0', id, error: { code: LOST, message: `The server ${what}.` } };
  return `\n\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
