import { pipeline, type Readable, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { EgressError } from './egress.js';

/** The encodings that this file decodes, sent as accept-encoding. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** More codings in a row serve no purpose except to waste time. */
const MOST_CODINGS = 3;

// Like browsers and curl: an answer that breaks off within its compression still yields what has arrived.
const LENIENT = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

/**
 * Reads a body, decoded by its content-encoding, up to `maxBytes` decoded bytes. The rest is neither read nor
 * decoded, and `stream` is destroyed. Throws EgressError `network` for an unknown encoding, and the stream's
 * errors.
 */
export async function readBody(
  stream: Readable,
  encoding: string | undefined,
  maxBytes: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  stream.on('error', () => {}); // destroying it early is not an error, and no one else listens
  const first = await firstChunk(stream);
  if (first === undefined) return { body: Buffer.alloc(0), truncated: false };

  const decoders = codingsOf(encoding).map((coding) => decoderFor(coding, first));
  const source = decoders.reduce<Readable>((from, decoder) => pipeline(from, decoder, () => {}), stream);
  try {
    return await collect(source, maxBytes);
  } finally {
    stream.destroy();
  }
}

/** Waits for the first bytes and puts them back. HEAD, 204 and 304 have a content-encoding but no body. */
async function firstChunk(stream: Readable): Promise<Buffer | undefined> {
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    stream.unshift(chunk);
    return chunk as Buffer;
  }
  return undefined;
}

/** The codings in the order of decoding. */
function codingsOf(encoding = ''): string[] {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  if (codings.length > MOST_CODINGS)
    throw new EgressError('network', 'The answer is compressed in too many layers.');
  return codings;
}

function decoderFor(coding: string, first: Buffer): Transform {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip(LENIENT);
  if (coding === 'br') return createBrotliDecompress(LENIENT_BROTLI);
  // Servers disagree on whether "deflate" has zlib's header (RFC 9110 §8.4.1.2, note). Its low four bits are
  // always 8.
  if (coding === 'deflate')
    return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate(LENIENT) : createInflateRaw(LENIENT);
  throw new EgressError('network', 'The answer has a content-encoding that was not requested.');
}

/**
 * Copies into one growing buffer, so that a body of a million one-byte chunks does not become a million
 * objects.
 */
async function collect(source: Readable, maxBytes: number): Promise<{ body: Buffer; truncated: boolean }> {
  let kept = Buffer.allocUnsafe(Math.min(maxBytes, 16_384));
  let length = 0;
  for await (const chunk of source) {
    const bytes = chunk as Buffer;
    const needed = Math.min(length + bytes.length, maxBytes);
    if (needed > kept.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, kept.length * 2), maxBytes));
      kept.copy(larger, 0, 0, length);
      kept = larger;
    }
    const copied = bytes.copy(kept, length, 0, maxBytes - length);
    length += copied;
    if (copied < bytes.length) return { body: kept.subarray(0, length), truncated: true };
  }
  return { body: kept.subarray(0, length), truncated: false };
}
