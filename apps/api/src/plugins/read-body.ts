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
    const chunks: Buffer[] = [];
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
      if (bytes <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        timer ??= setTimeout(refuse, DRAINED_MS);
        if (bytes > DRAINED_BYTES) refuse();
      }
    };
    const onEnd = () => (bytes > limit ? refuse() : end(() => resolve(Buffer.concat(chunks, bytes))));
    const onError = (error: Error) => end(() => reject(error));
    // It is too large to drain, so do not begin.
    if (Number(stream.headers['content-length']) > DRAINED_BYTES) return refuse();
    stream.on('data', onData).on('end', onEnd).on('error', onError);
  });
}
