import { Agent, fetch } from 'undici';
import { final, VerdictError } from './verdict.js';

/**
 * Upper bound for a provider's answer, in bytes: over six times the longest answer of today's models, as
 * JSON.
 */
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * A fetch that waits as long as its signal allows. Node's own fetch gives up on the response headers after
 * 300 s, but a thinking model may take longer, and an agent's timeout_seconds may be an hour. Idle sockets do
 * not keep the process alive. A body beyond `MOST_ANSWER_BYTES` fails with VerdictError `invalid_output`
 * instead of filling the memory.
 */
export function createPatientFetch(): typeof globalThis.fetch {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0, allowH2: false });
  const patient: typeof fetch = async (url, init) => {
    const response = await fetch(url, { ...init, dispatcher });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    const body = (response.body as ReadableStream<Uint8Array>).pipeThrough(limit());
    return new Response(body, { status, statusText, headers: [...headers] }) as unknown as typeof response;
  };
  return patient as unknown as typeof globalThis.fetch;
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

const tooLarge = () =>
  new VerdictError(
    final(
      'invalid_output',
      `The model provider's answer is larger than ${MOST_ANSWER_BYTES / 1024 / 1024} MiB.`,
    ),
  );
