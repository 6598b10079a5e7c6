/** The part of a page in which it must declare its encoding, in bytes (HTML standard, 4.2.5.4). */
const DECLARED_WITHIN = 1_024;

/** The media type of a Content-Type header, in lower case, without parameters; empty if there is none. */
export const mediaTypeOf = (contentType: string | undefined): string =>
  contentType?.split(';')[0]?.trim().toLowerCase() ?? '';

/**
 * Decodes a text by its byte order mark, the charset of its content type or, in HTML, its declared charset.
 * Otherwise as UTF-8 if it is valid, else as windows-1252 (the WHATWG default). `isCut` says that the end is
 * missing, so half a character there is not an error. Never throws.
 */
export function decodeText(bytes: Buffer, contentType: string | undefined, isCut: boolean): string {
  const label = markOf(bytes) ?? charsetOf(contentType) ?? declaredIn(bytes, mediaTypeOf(contentType));
  if (label !== undefined) {
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      // Ignore an unknown charset.
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined; // the decoder removes UTF-8's mark
}

const charsetOf = (contentType = '') => /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];

function declaredIn(bytes: Buffer, mediaType: string): string | undefined {
  if (mediaType !== '' && !/html|xml/.test(mediaType)) return undefined;
  const head = bytes.subarray(0, DECLARED_WITHIN).toString('latin1');
  return /<(?:meta|\?xml)\b[^<>]*?(?:charset|encoding)\s*=[\s"']*([\w.:-]+)/i.exec(head)?.[1];
}

/**
 * The first bytes of files that are often sent with a wrong or no type: PDF, ZIP (and Office), PNG, GIF,
 * JPEG, gzip.
 */
const MAGIC = ['%PDF-', 'PK\u0003\u0004', '\u0089PNG', 'GIF8', '\u00ff\u00d8\u00ff', '\u001f\u008b'];

/** Whether bytes are not text, judged by their beginning: a NUL, or a known file signature. */
export function looksBinary(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 1_024);
  if (markOf(head) !== undefined) return false;
  const text = head.toString('latin1');
  return head.includes(0) || MAGIC.some((magic) => text.startsWith(magic));
}
