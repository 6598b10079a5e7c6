import { beginningOf } from '../../beginning-of.js';
import { ToolError } from '../tool.js';
import { follow, type Place, resuming } from './follow.js';
import { isLostSession } from './lost-session.js';
import { isResultOf, type Mender } from './mend.js';
import { mendEvents, mendJson } from './mend-body.js';
import { post, refusal, withVersion } from './post.js';
import { CLOSED, type Ending, endInsteadOfFail, lastEvent, lineFeeds } from './streams.js';

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
  /** The version that `initialize` asks for instead of the SDK's. */
  version?: string | undefined;
  mender: Pick<Mender, 'asked' | 'mend' | 'isOpen' | 'ownVersion'>;
}

/**
 * Wraps a fetch for the SDK's MCP transports, which hostile or dying servers could exploit in three ways: the
 * transports read answers of any size, wait forever for a result whose stream has ended, and, when a failed
 * stream is closed, reject a promise that no one handles. So streams are cut if they are too long, end
 * instead of failing, and report in their last event that pending requests will not be answered.
 */
export function guardFetch(
  fetch: typeof globalThis.fetch,
  {
    transport,
    isStateless = false,
    lifetime,
    isOpening,
    onExcess,
    onSessionLost,
    version,
    mender,
  }: GuardOptions,
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
    const signal = AbortSignal.any([lifetime, ...(init?.signal ? [init.signal] : [])]);
    const headers = new Headers(init?.headers);
    const named = method === 'initialize' ? version : mender.ownVersion();
    if (named !== undefined) headers.set('mcp-protocol-version', named);
    const body = method === 'initialize' ? withVersion(init?.body, version) : init?.body;
    const given = await post(fetch, input, { ...init, headers, body: body ?? null, signal });
    // Some servers refuse what needs no answer: notifications, and answers to their own requests.
    if (init?.method === 'POST' && id === undefined && !given.ok) {
      await given.body?.cancel();
      return new Response(null, { status: 202 });
    }
    // The SSE transport answers on the one stream that it gets.
    const hasAnswers = transport === 'sse' ? init?.method !== 'POST' : id !== undefined;
    const response = hasAnswers ? await labelled(given) : given;
    if (response.body === null) {
      if (transport === 'http' && id !== undefined && response.ok)
        throw new ToolError('The MCP server answered without a body.', { mayHaveHappened: true });
      return response;
    }
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
    const { status, statusText } = response;
    const head = { status, statusText, headers: response.headers };
    const excess = meter();
    let end: Ending | undefined;
    const ended = (stream: ReadableStream<Uint8Array>) =>
      endInsteadOfFail(stream, excess, (ending) => {
        end = ending;
      });
    if (!response.ok && id !== undefined) {
      const text = await new Response(ended(response.body)).text();
      // Only a result with its id answers the request: the status says more than any other body.
      const mended = mender.mend(text);
      const isAnswer = transport === 'http' && isResultOf(id, mended);
      if (isAnswer) return new Response(mended, { headers: { 'content-type': JSON_TYPE } });
      if (!isStateless && !isOpening() && isLostSession(status, text)) onSessionLost();
      return new Response(refusal(response, mended), head);
    }
    if (!isStream) return new Response(ended(response.body).pipeThrough(mendJson(mend)), head);
    const place: Place = { lastId: '', retryMs: undefined };
    const read = (stream: ReadableStream<Uint8Array>) =>
      ended(stream.pipeThrough(lineFeeds())).pipeThrough(mendEvents(mend, place));
    const resume = resuming(place, headers, signal, (more) =>
      fetch(input, { method: 'GET', headers: more, signal }),
    );
    const next = async () => {
      if (transport === 'sse' || id === undefined || !mender.isOpen(id) || end?.isExcess) return undefined;
      const more = await resume();
      return more?.body ? read(more.body) : undefined;
    };
    return new Response(
      follow(read(response.body), next, () => lost(end?.why ?? CLOSED)),
      head,
    );
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

/** The posted JSON-RPC request; without an id for a notification or an answer. */
function requestOf(init: RequestInit | undefined): { id?: string | number | undefined; method: string } {
  if (typeof init?.body !== 'string') return { method: '' };
  const { method = '', id } = JSON.parse(init.body) as { method?: string; id?: string | number };
  return method === '' ? { method } : { id, method };
}
