import { readStream, streamedBody, wireOf } from './stream/index.js';

type Fetch = typeof globalThis.fetch;

/** Statuses of a server that does not know streams, and how much of its words is read, in characters. */
const REFUSALS = [400, 404, 422, 501];
const READ = 4_000;

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
    const body = wire && !refused.has(address) ? streamedBody(wire, init?.body) : undefined;
    if (!wire || body === undefined) return fetch(url, init);
    const response = await fetch(url, { ...init, body });
    const { status, statusText } = response;
    const headers = new Headers(response.headers);
    if (response.ok && response.body && headers.get('content-type')?.includes('event-stream')) {
      const { whole, beginning } = await readStream(wire, response.body, most, tooLarge);
      headers.set('content-type', 'application/json');
      for (const name of ['content-encoding', 'content-length']) headers.delete(name);
      return new Response(whole ? JSON.stringify(whole) : beginning, { status, statusText, headers });
    }
    if (!REFUSALS.includes(status)) return response;
    const [told, returned] = response.body?.tee() ?? [];
    if (!told || !/\bstream(?:ing|_options)?\b/i.test(await beginningOf(told))) {
      return new Response(returned, { status, statusText, headers });
    }
    refused.add(address);
    return fetch(url, init);
  };
}

/**
 * The first characters of one of two branches of a body. The branch is not cancelled, because that waits
 * until the other one is cancelled too.
 */
async function beginningOf(branch: ReadableStream<Uint8Array>): Promise<string> {
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
