import { createHash, timingSafeEqual } from 'node:crypto';

export type Encoding = 'hex' | 'base64';

/**
 * Whether a text has the form of a digest. Other characters are invalid, especially the comma of a repeated
 * header.
 */
export const isDigest = (text: string, encoding: Encoding): boolean =>
  (encoding === 'hex' ? /^[0-9a-fA-F]+$/ : /^[A-Za-z0-9+/_-]+={0,2}$/).test(text);

/**
 * Normalizes a digest: hex in either case, and base64 in either alphabet, with or without padding, are equal.
 */
const comparable = (digest: string, encoding: Encoding): string =>
  encoding === 'hex'
    ? digest.toLowerCase()
    : digest
        .replace(/(?<!=)=+$/, '')
        .replaceAll('-', '+')
        .replaceAll('_', '/');

/**
 * Compares digests in time that does not depend on where they differ. Compares text rather than bytes: base64
 * that merely decodes to the same is no match. The length of a digest is not secret.
 */
export function isSameDigest(given: string, expected: string, encoding: Encoding): boolean {
  const [a, b] = [given, expected].map((digest) => Buffer.from(comparable(digest, encoding)));
  return a !== undefined && b !== undefined && a.length === b.length && timingSafeEqual(a, b);
}

/** Compares texts of any length in time that does not depend on where they differ, nor on their lengths. */
export const isSameText = (given: string, expected: string): boolean =>
  timingSafeEqual(sha256(given), sha256(expected));

/** Whether one of the keys fits. Tries each, so that the time does not tell which one it was. */
export const oneFits = (keys: readonly string[], fits: (key: string) => boolean): boolean =>
  keys.filter(fits).length > 0;

const sha256 = (text: string) => createHash('sha256').update(text).digest();
