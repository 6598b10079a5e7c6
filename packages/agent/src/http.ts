import { isBoundedUrl } from '@agenthook/egress';
import { jsonShape, keepsDigits, type NumberMarks } from '@agenthook/json';
import { Agent, fetch } from 'undici';
import { ARGUMENTS } from './model/wire/bound-lists.js';
import { boundFrames, isFramed } from './model/wire/frames.js';
import { createStreamedFetch } from './model/wire/streamed-fetch.js';
import { final, VerdictError } from './verdict.js';

type Fetch = typeof globalThis.fetch;

/**
 * Upper bound for a provider's answer, in bytes: over six times the longest answer of today's models, as
 * JSON.
 */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * A fetch that waits as long as its signal allows. Node's own fetch gives up on the response headers after
 * 300 s, but a thinking model may take longer, and an agent's timeout_seconds may be an hour. Idle sockets do
 * not keep the process alive. A body beyond `MOST_ANSWER_BYTES` fails with VerdictError `invalid_output`
 * instead of filling the memory. Numbers in tool arguments are marked, because the SDK parses the answer with
 * JSON.parse.
 *
 * @param watch observes the bytes as they arrive
 */
export function createPatientFetch(
  marks: NumberMarks,
  watch: (fetch: Fetch) => Fetch = (fetch) => fetch,
): Fetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  const direct = withinOrigin(((url, init) =>
    fetch(url as string, { ...(init as object), dispatcher, redirect: 'manual' })) as Fetch);
  const streamed = createStreamedFetch(watch(direct), MOST_ANSWER_BYTES, tooLarge);
  return async (url, init) => {
    const response = await streamed(url, init);
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    if (isFramed(headers)) {
      const framed = response.body.pipeThrough(boundFrames(MOST_ANSWER_BYTES, tooLarge));
      return new Response(framed, { status, statusText, headers: [...headers] });
    }
    const limited = response.body.pipeThrough(limit());
    const isJson = headers.get('content-type')?.includes('json') === true;
    const body = isJson ? limited.pipeThrough(markArguments(marks)) : limited;
    return new Response(body, { status, statusText, headers: [...headers] });
  };
}

/** The redirects that keep method and body, and how many are followed. */
const REDIRECTS = [307, 308];
const MOST_REDIRECTS = 3;

/** Follows redirects on the same host only, because the request carries that host's key. */
function withinOrigin(fetch: Fetch): Fetch {
  return async (url, init) => {
    let at = String(url);
    for (let count = 0; ; count++) {
      const response = await fetch(at, init);
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null || count === MOST_REDIRECTS)
        return response;
      // A long name takes seconds to parse.
      const isUrl = isBoundedUrl(location) && URL.canParse(location, at);
      const next = isUrl ? new URL(location, at) : undefined;
      const from = new URL(at);
      const isUpgrade =
        from.protocol === 'http:' && next?.protocol === 'https:' && from.hostname === next.hostname;
      if (!next || !(next.origin === from.origin || isUpgrade)) return response;
      await response.body?.cancel();
      at = next.href;
    }
  };
}

function limit(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MOST_ANSWER_BYTES) controller.enqueue(chunk);
      else controller.error(tooLarge());
    },
  });
}

/** Marks the numbers in a call's arguments that a double cannot hold. */
function markArguments(marks: NumberMarks): TransformStream<Uint8Array, Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new TransformStream({
    transform(chunk) {
      chunks.push(chunk);
    },
    flush(controller) {
      const bytes = Buffer.concat(chunks);
      const text = bytes.toString();
      const isPlain = !keepsDigits(text) || jsonShape(text).fitsDoubles;
      controller.enqueue(isPlain ? bytes : Buffer.from(marked(text, marks)));
    },
  });
}

function marked(text: string, marks: NumberMarks): string {
  try {
    return JSON.stringify(marks.restore(JSON.parse(marks.mark(text)), ARGUMENTS));
  } catch {
    return text;
  }
}

const tooLarge = () =>
  new VerdictError(
    final(
      'invalid_output',
      `The model provider's answer is larger than ${MOST_ANSWER_BYTES / 1024 / 1024} MiB.`,
    ),
  );
