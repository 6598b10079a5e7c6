import { beginningOf } from '../../beginning-of.js';
import { readerOf, readStream, streamUrl, wireOf, withFields } from './stream/index.js';

type Fetch = typeof globalThis.fetch;

/** Statuses of a server that does not know streams, and how much of its words is read, in characters. */
const REFUSALS = [400, 404, 422, 501];
const READ = 4_000;

/** Statuses of a server or proxy that does not know the URL for streams. */
const UNKNOWN = [404, 405, 501];

/**
 * A fetch that asks for streams, so that nothing between here and the model sees a silent connection and cuts
 * it. The answer is returned in one piece, as its API sends it without streaming. A server that refuses
 * streams, or ignores the wish, answers in one piece itself. Throws `tooLarge()` for an answer of more than
 * `most` characters.
 */
export function createStreamedFetch(fetch: Fetch, most: number, tooLarge: () => Error): Fetch {
  const refused = new Set<string>();
  return async (url, init) => {
    const address = String(url);
    const wire = wireOf(new URL(address));
    const whole = withFields(init?.body, wire?.inOnePiece);
    const inOnePiece = () => fetch(url, whole === undefined ? init : { ...init, body: whole });
    const body = wire && !refused.has(address) ? withFields(init?.body, wire.streamed) : undefined;
    if (!wire || body === undefined) return inOnePiece();
    const response = await fetch(streamUrl(wire, address), { ...init, body });
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    if (response.ok && response.body) {
      const { text, all } = await beginningOf(response.body);
      const reader = readerOf(wire, text, headers.get('content-type'));
      if (!reader) return new Response(all, { status, statusText, headers });
      const read = await readStream(wire, all, most, tooLarge, reader);
      headers.set('content-type', 'application/json');
      for (const name of ['content-encoding', 'content-length']) headers.delete(name);
      return new Response(read.whole ? JSON.stringify(read.whole) : read.beginning, {
        status,
        statusText,
        headers,
      });
    }
    const isUnknown = wire.streamPath !== undefined && UNKNOWN.includes(status);
    if (!isUnknown && !REFUSALS.includes(status)) return response;
    const [told, returned] = response.body?.tee() ?? [];
    if (!isUnknown && (!told || !/\bstream(?:ing|_options)?\b/i.test(await wordsOf(told)))) {
      return new Response(returned, { status, statusText, headers });
    }
    const again = await inOnePiece();
    if (again.ok) refused.add(address);
    return again;
  };
}

/**
 * The first characters of one of two branches of a body. The branch is not cancelled, because that waits
 * until the other one is cancelled too.
 */
async function wordsOf(branch: ReadableStream<Uint8Array>): Promise<string> {
  const reader = branch.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < READ) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return text.slice(0, READ);
}
