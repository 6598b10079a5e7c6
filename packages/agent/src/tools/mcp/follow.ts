import { sleep } from '@agenthook/async';

const encoder = new TextEncoder();

/**
 * A stream that goes on with the next one where it ends, for as long as there is one, then with `lastEvents`.
 * None of them may fail.
 */
export function follow(
  first: ReadableStream<Uint8Array>,
  next: () => Promise<ReadableStream<Uint8Array> | undefined>,
  lastEvents: () => string[],
): ReadableStream<Uint8Array> {
  let reader = first.getReader();
  let cancelled = false;
  return new ReadableStream({
    pull: async (controller) => {
      while (!cancelled) {
        const { done, value } = await reader.read();
        if (cancelled) return;
        if (!done) return controller.enqueue(value);
        const stream = await next();
        if (cancelled) return void (await stream?.cancel().catch(() => {}));
        if (stream) {
          reader = stream.getReader();
          continue;
        }
        for (const event of lastEvents()) controller.enqueue(encoder.encode(event));
        return controller.close();
      }
    },
    cancel: () => {
      cancelled = true;
      return reader.cancel().catch(() => {});
    },
  });
}

/** How often one answer is asked for again. */
const MOST_RESUMED = 200;
/** The wait before each request, in ms: the default, and the longest that a server may set. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

/** Where an event stream is. */
export interface Place {
  /** The id of its last event that has one. */
  lastId: string;
  retryMs: number | undefined;
}

/**
 * A function that resumes a stream of Streamable HTTP: servers end it while they work, and expect to be asked
 * for the rest.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 * It returns undefined if the server gave no ids, or refuses.
 */
export function resuming(
  place: Place,
  given: Headers,
  signal: AbortSignal,
  ask: (headers: Headers) => Promise<Response>,
): () => Promise<Response | undefined> {
  let resumed = 0;
  return async () => {
    if (place.lastId === '' || resumed === MOST_RESUMED) return undefined;
    resumed += 1;
    try {
      const ms = Math.min(place.retryMs ?? RETRY_MS, LONGEST_RETRY_MS);
      await sleep(ms, { signal, background: true });
      const headers = new Headers(given);
      headers.delete('content-type');
      headers.set('accept', 'text/event-stream');
      headers.set('last-event-id', place.lastId);
      const response = await ask(headers);
      const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
      if (response.ok && isStream && response.body !== null) return response;
      await response.body?.cancel();
    } catch {
      // The call then fails as it does without resuming.
    }
    return undefined;
  };
}
