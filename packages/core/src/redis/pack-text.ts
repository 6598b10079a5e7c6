import { promisify } from 'node:util';
import {
  type BrotliOptions,
  brotliCompress,
  brotliCompressSync,
  brotliDecompress,
  brotliDecompressSync,
  constants,
} from 'node:zlib';

const compress = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);
const decompress = promisify<Buffer, BrotliOptions, Buffer>(brotliDecompress);

/** `z`, the size of the text in bytes, and its Brotli as base64. JSON never begins like that. */
const PACKED = /^z(\d+):/;
/** That, or a sealed text (sealing/seal.ts): both have a size and bytes as base64. */
const BYTES = /^[zs](\d+):/;

/** In larger texts, the compressor looks for repeated passages at any distance, in bytes. */
const NEAR = 128 * 1024;
/** Larger texts are decompressed outside the event loop, in bytes. */
const AT_ONCE = 64 * 1024;
/**
 * Larger texts are compressed outside the event loop, in bytes. For smaller ones, handing them to another
 * thread costs four times as much as compressing them.
 */
const COMPRESSED_AT_ONCE = 16 * 1024;
/** The buffer for a compressed text that small, in bytes. The default is four times as large. */
const SMALL_CHUNK = 4 * 1024;

/**
 * A text as Redis keeps it: compressed, unless that makes it longer. Scripts and BullMQ read values as UTF-8,
 * so the bytes are base64.
 */
export async function packText(text: string): Promise<string> {
  const bytes = Buffer.from(text);
  const isNear = bytes.length <= NEAR;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: isNear ? 1 : 3,
    [constants.BROTLI_PARAM_LGWIN]: isNear ? 18 : constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const isSmall = bytes.length <= COMPRESSED_AT_ONCE;
  const packed = isSmall
    ? brotliCompressSync(bytes, { params, chunkSize: SMALL_CHUNK })
    : await compress(bytes, { params });
  const stored = `z${bytes.length}:${packed.toString('base64')}`;
  return stored.length < bytes.length ? stored : text;
}

/** The text that `packText` packed. Any other text, such as JSON, is returned as it is. */
export async function unpackText(stored: string): Promise<string> {
  const [prefix, size] = PACKED.exec(stored) ?? [];
  if (prefix === undefined) return stored;
  const packed = Buffer.from(stored.slice(prefix.length), 'base64');
  const options = { maxOutputLength: Math.max(1, Number(size)) };
  const isSmall = Number(size) <= AT_ONCE;
  return (isSmall ? brotliDecompressSync(packed, options) : await decompress(packed, options)).toString();
}

/** The size of a stored text without its compression, in bytes. */
export const unpackedBytes = (stored: string): number =>
  Number(BYTES.exec(stored)?.[1] ?? Buffer.byteLength(stored));

/** The same text as bytes, for a store that can keep them: a packed one is a quarter shorter. */
export function packedBytes(stored: string): Buffer {
  const [prefix] = BYTES.exec(stored) ?? [];
  if (prefix === undefined) return Buffer.from(stored);
  return Buffer.concat([Buffer.from(prefix), Buffer.from(stored.slice(prefix.length), 'base64')]);
}

/** The most digits that the size of a text has, and what surrounds it. */
const MOST_PREFIX = 20;

/** Reverses packedBytes. */
export function packedText(bytes: Buffer): string {
  const [prefix] = BYTES.exec(bytes.toString('latin1', 0, MOST_PREFIX)) ?? [];
  return prefix === undefined ? bytes.toString() : prefix + bytes.toString('base64', prefix.length);
}
