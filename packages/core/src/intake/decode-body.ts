import { promisify } from 'node:util';
import {
  type BrotliOptions,
  brotliDecompress,
  constants,
  gunzip,
  inflate,
  inflateRaw,
  type ZlibOptions,
  type ZstdOptions,
  zstdDecompress,
} from 'node:zlib';
import { LIMITS, mayCarryFiles } from '@agenthook/bounded';
import { MAX_FILE_BODY_BYTES, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import type { InboundRequest, Refusal } from './inbound.js';
import { type HeldBody, TOO_MANY_LARGE } from './large-bodies.js';

type Decompress = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const asGzip: Decompress = promisify<Buffer, ZlibOptions, Buffer>(gunzip);
const asZlib: Decompress = promisify<Buffer, ZlibOptions, Buffer>(inflate);
const asRawDeflate: Decompress = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);
const asBrotli: Decompress = promisify<Buffer, BrotliOptions, Buffer>(brotliDecompress);

const zstd = promisify<Buffer, ZstdOptions, Buffer>(zstdDecompress);
/** The largest window of a body in zstd, as a power of two: 8 MiB (RFC 9659). A sender chooses it. */
const ZSTD = { params: { [constants.ZSTD_d_windowLogMax]: 23 } };
const asZstd: Decompress = (body, options) => zstd(body, { ...ZSTD, ...options });

/** Some senders leave out the header that `deflate` has (RFC 9110, 8.4.1.2). Its two bytes are a checksum. */
const asDeflate: Decompress = (body, options) => {
  const [first = 0, second = 0] = body;
  const hasHeader = (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
  return (hasHeader ? asZlib : asRawDeflate)(body, options);
};

/** The content codings that are decoded. https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const CODINGS: Record<string, Decompress> = {
  gzip: asGzip,
  'x-gzip': asGzip,
  deflate: asDeflate,
  br: asBrotli,
  zstd: asZstd,
};
/** What clients write for a body that is not encoded. Some mean its charset, or write what mails have. */
const NO_CODINGS = new Set(['', 'identity', 'none', 'utf-8', 'utf8', '7bit', '8bit', 'binary']);
/** How gzip with deflate (RFC 1952, 2.3) and zstd (RFC 8878, 3.1.1) begin. No JSON, form or text does. */
const BEGINS: [coding: string, begin: Buffer][] = [
  ['gzip', Buffer.from([0x1f, 0x8b, 8])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];
/** No sender needs more codings of one body than this. */
const MAX_CODINGS = 3;

/** The codings of a body in the order in which they were applied; empty for a body as it is. */
function codingsOf({ headers, body }: InboundRequest): string[] {
  const value = headers['content-encoding'];
  if (value === undefined) return unnamedCoding(body, headers['content-type']);
  return `${value}`
    .split(',', MAX_CODINGS + 20)
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !NO_CODINGS.has(coding));
}

const startsWith = (body: Buffer, begin: Buffer): boolean => body.subarray(0, begin.length).equals(begin);

/** The coding of a body whose type is a text. Some gateways drop the header that names it. */
function unnamedCoding(body: Buffer, type: string | string[] | undefined): string[] {
  const [found] = BEGINS.find(([, begin]) => begin[0] === body[0] && startsWith(body, begin)) ?? [];
  return found !== undefined && typeof type === 'string' && !mayCarryFiles(type) ? [found] : [];
}

/** Whether the bytes of a request's body differ from what they encode. No bytes encode nothing. */
export const isEncoded = (request: InboundRequest): boolean =>
  request.method !== 'GET' && request.body.length > 0 && codingsOf(request).length > 0;

/** The decoded body. If it is large, it is `held`, and has to leave when the event is stored or refused. */
export type DecodedBody = { ok: true; body: Buffer; held?: HeldBody } | { ok: false; refusal: Refusal };

/**
 * Undoes the codings of a body. The result, and what is between two codings, is never larger than a payload
 * may be. What turns out to be large waits for the other large bodies of its webhook, because decompressing
 * it takes time, and a small request may become many MiB.
 */
export async function decodeBody(
  ctx: Context,
  agentId: string,
  request: InboundRequest,
): Promise<DecodedBody> {
  const codings = codingsOf(request);
  if (codings.length === 0) return { ok: true, body: request.body };
  const unknown = codings.find((coding) => CODINGS[coding] === undefined);
  if (unknown !== undefined || codings.length > MAX_CODINGS) {
    const sent = codings.length > MAX_CODINGS ? `${codings.length} codings` : `"${unknown?.slice(0, 40)}"`;
    const detail = `Content-Encoding is ${sent}. Send gzip, deflate, br or zstd, or the body as it is.`;
    return { ok: false, refusal: { code: 'unsupported_media_type', detail } };
  }
  const small = await decode(request.body, codings, LIMITS.inlineBytes);
  if (small !== 'too_large') return small;
  const type = request.headers['content-type'];
  const limit = mayCarryFiles(typeof type === 'string' ? type : undefined)
    ? MAX_FILE_BODY_BYTES
    : MAX_PAYLOAD_BYTES;
  const held = await ctx.largeBodies.hold(agentId, request.address, limit);
  if (!held) return { ok: false, refusal: TOO_MANY_LARGE };
  const began = performance.now();
  const large = await decode(request.body, codings, limit);
  held.spend(performance.now() - began);
  if (large !== 'too_large' && large.ok) return { ...large, held };
  held.leave();
  return large === 'too_large' ? { ok: false, refusal: tooLarge(limit) } : large;
}

const tooLarge = (limit: number): Refusal => ({
  code: 'payload_too_large',
  detail: `The decompressed body may have at most ${limit / 1024 / 1024} MiB.`,
});

async function decode(
  body: Buffer,
  codings: readonly string[],
  maxOutputLength: number,
): Promise<DecodedBody | 'too_large'> {
  let bytes = body;
  for (const coding of codings.toReversed()) {
    try {
      bytes = (await CODINGS[coding]?.(bytes, { maxOutputLength })) ?? bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return 'too_large';
      const detail = `The body is not valid ${coding}, which its Content-Encoding or its first bytes name.`;
      return { ok: false, refusal: { code: 'invalid_encoding', detail } };
    }
  }
  return { ok: true, body: bytes };
}
