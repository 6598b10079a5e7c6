import { ToolError } from '../tool.js';

const MIB = 1024 * 1024;
/**
 * Until an SSE server has named its endpoint, which the SDK parses as a URL: an international name of some 10,000 characters
 * takes a second.
 */
const MOST_GREETING_BYTES = 4 * 1024;
/** Until the server's tools are known, all of its answers together. */
const MOST_OPENING_BYTES = 2 * MIB;
/** Of one answer after that. The event stream of the SSE transport is one answer, with all of a run's results in it. */
const MOST_BYTES = { http: 4 * MIB, sse: 8 * MIB };

const CR = 13;
const LF = 10;

/** JSON-RPC leaves -32000 and below to implementations, https://www.jsonrpc.org/specification#error_object. */
const LOST = -32_000;

/** No URL: the SDK, which waits for one, fails at once. Begins with an empty line, as lastEvent does. */
const NO_ENDPOINT = '\n\nevent: endpoint\ndata: http://\n\n';

export interface GuardOptions {
  transport: 'http' | 'sse';
  /** Ends all requests and streams. */
  lifetime: AbortSignal;
  /** Whether the server's tools are not known yet. */
  isOpening: () => boolean;
  /** Told why an answer was cut: what is left of it may be read as nothing but broken JSON. */
  onExcess: (why: ToolError) => void;
}

/**
 * Wraps a fetch for the SDK's MCP transports, which do three things that a hostile or dying server could use: they
 * read answers of any size; they wait for ever for a result whose stream has ended; and when a stream has failed, closing
 * it rejects a promise that nobody holds. So streams are cut where they are too long, end instead of failing, and say as
 * their last event that what was asked over them will not be answered any more.
 */
export function guardFetch(
  fetch: typeof globalThis.fetch,
  { transport, lifetime, isOpening, onExcess }: GuardOptions,
): typeof fetch {
  const asked = new Set<string | number>();
  let openingBytes = 0;
  /** Counts the bytes of one answer; gives what is too much, in words, where they are. */
  const meter = () => {
    let bytes = 0;
    const most = MOST_BYTES[transport];
    return (more: number): string | undefined => {
      const isListing = isOpening();
      if (isListing) openingBytes += more;
      else bytes += more;
      // The SDK asks as soon as it knows where.
      if (transport === 'sse' && asked.size === 0 && openingBytes > MOST_GREETING_BYTES) {
        const greeting = `sent more than ${MOST_GREETING_BYTES / 1024} KiB`;
        onExcess(new ToolError(`The server ${greeting} before it named its endpoint.`));
        return greeting;
      }
      if (openingBytes <= MOST_OPENING_BYTES && bytes <= most) return undefined;
      const why = `sent more than ${(isListing ? MOST_OPENING_BYTES : most) / MIB} MiB`;
      onExcess(new ToolError(`The server ${why}${isListing ? ' to say which tools it has' : ''}.`));
      return why;
    };
  };
  return async (input, init) => {
    const id = requestId(init);
    if (id !== undefined) asked.add(id);
    const signals = [lifetime, ...(init?.signal ? [init.signal] : [])];
    const response = await fetch(input, { ...init, signal: AbortSignal.any(signals) });
    if (response.body === null) return response;
    // Streamable HTTP answers on the stream of the request; its other stream may end at any time.
    const lost = (why: string): string[] => {
      if (transport === 'sse' && asked.size === 0) return [NO_ENDPOINT];
      const ids = transport === 'sse' ? [...asked] : id === undefined ? [] : [id];
      return ids.map((each) => lastEvent(each, why));
    };
    const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
    if (transport === 'sse' && response.ok && init?.method !== 'POST' && !isStream) {
      await response.body.cancel();
      throw new ToolError('The MCP server answers with no event stream. Its transport may be `http`.');
    }
    const read = isStream ? response.body.pipeThrough(lineFeeds()) : response.body;
    const body = endInsteadOfFail(read, meter(), isStream ? lost : () => []);
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

/** The id of the JSON-RPC request that is posted; undefined where it is a notification or an answer. */
function requestId(init: RequestInit | undefined): string | number | undefined {
  if (typeof init?.body !== 'string') return undefined;
  const { method, id } = JSON.parse(init.body) as { method?: string; id?: string | number };
  return method === undefined ? undefined : id;
}

/** Makes LF of every line end: the SDK's parser of event streams searches all that it has anew for each CR. */
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

  /** The next bytes; what became of the stream where there are none. */
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

/** Begins with an empty line: the stream may have ended inside an event. */
function lastEvent(id: string | number, what: string): string {
  const message = { jsonrpc: '2.0', id, error: { code: LOST, message: `The server ${what}.` } };
  return `\n\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
