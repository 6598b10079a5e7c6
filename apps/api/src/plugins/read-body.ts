import type { IncomingMessage } from 'node:http';
import { AppError } from '@agenthook/core';
import { tooLarge } from './problems.js';

/**
 * How much of a refused body is read and dropped, in bytes, and for how long, in ms. Many senders read the
 * answer only after they have sent everything; closing the connection earlier would lose it.
 */
const DRAINED_BYTES = 32 * 1024 * 1024;
const DRAINED_MS = 15_000;

/**
 * Reads a whole body, of up to `limit` bytes. Throws `payload_too_large` once the sender of a larger one can
 * be expected to read the answer.
 */
export function readBody(stream: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const held = createHeld();
    let bytes = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('error', onError);
      settle();
    };
    const refuse = () => end(() => reject(new AppError('payload_too_large', tooLarge(limit))));
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) held.add(chunk);
      else {
        held.drop();
        timer ??= setTimeout(refuse, DRAINED_MS);
        if (bytes > DRAINED_BYTES) refuse();
      }
    };
    const onEnd = () => (bytes > limit ? refuse() : end(() => resolve(held.all())));
    const onError = (error: Error) => end(() => reject(error));
    // It is too large to drain, so do not begin.
    if (Number(stream.headers['content-length']) > DRAINED_BYTES) return refuse();
    stream.on('data', onData).on('end', onEnd).on('error', onError);
  });
}

/**
 * Collects the bytes of a body. They are copied, because a chunk of one byte, as chunked coding allows, takes
 * a hundred times its size.
 */
function createHeld() {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;
  return {
    add: (chunk: Buffer) => {
      if (length === 0) bytes = chunk;
      else if (length + chunk.length > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(2 * (length + chunk.length));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      if (length > 0) chunk.copy(bytes, length);
      length += chunk.length;
    },
    drop: () => {
      bytes = Buffer.alloc(0);
      length = 0;
    },
    all: () => bytes.subarray(0, length),
  };
}
