import { isAscii as isBufferAscii, isUtf8 } from 'node:buffer';
import { codePage, decodeCodePage } from './code-pages.js';
import { otherLabel } from './labels.js';
import { decodeUtf32, isUtf32 } from './utf32.js';

export const UTF8 = 'utf-8';

/** Text that was decoded, or the charset with which that failed and whether the charset is known. */
export type Decoded = { ok: true; text: string } | { ok: false; charset: string; isKnown: boolean };

/** What windows-1252 has at 0x80 to 0x9f. https://encoding.spec.whatwg.org/index-windows-1252.txt */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const BYTE_ORDER_MARKS: [charset: string, mark: number[]][] = [
  [UTF8, [0xef, 0xbb, 0xbf]],
  // Before UTF-16, whose mark its own begins with.
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The standard's name of a charset; undefined for an unknown label. https://encoding.spec.whatwg.org/#names-and-labels */
export function charsetOf(label: string): string | undefined {
  return codePage(label) === undefined && !isUtf32(label) ? openDecoder(label)?.encoding : label;
}

/** Whether a charset is UTF-16 or UTF-32, in which a character of ASCII has bytes of zero. */
export const isWide = (label: string | undefined): boolean =>
  label !== undefined && (isUtf32(label) || charsetOf(label)?.startsWith('utf-16') === true);

/**
 * The charset of a form that names its own. No form whose names are read byte by byte is in UTF-16 or UTF-32.
 * https://encoding.spec.whatwg.org/#get-an-output-encoding
 */
export function charsetOfForm(label: string): string | undefined {
  return isWide(label) ? UTF8 : charsetOf(label);
}

/** The charset that a byte order mark names, which is stronger than any label. */
export const markedCharset = (bytes: Uint8Array): string | undefined =>
  BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, n) => bytes[n] === byte))?.[0];

/** Whether text is called ASCII and may be UTF-8, of which that is a part. The standard has windows-1252. */
const isAscii = (label: string, bytes: Buffer): boolean => /^(?:us-)?ascii$/i.test(label) && isUtf8(bytes);

/**
 * Charsets in which ASCII bytes may stand for other characters: `+AOs-` in UTF-7, `~{` in HZ, or after an
 * escape.
 */
const ASCII_IS_OTHER = /^(?:.*utf-?7.*|hz|hz-gb-2312|iso-2022-.*|cp037|ibm037|ebcdic.*)$/i;

/** Whether text of an unknown charset is the same in all of them that extend ASCII. */
const isPlainAscii = (bytes: Buffer, label: string): boolean =>
  isBufferAscii(bytes) && !bytes.includes(0x1b) && !bytes.includes(0) && !ASCII_IS_OTHER.test(label);

type Decoder = InstanceType<typeof TextDecoder>;
type Decoders = Map<string, Decoder | undefined>;

/** Decodes bytes that are in the charset of a label. */
export type Decode = (bytes: Buffer, label: string) => Decoded;

/**
 * Decodes bytes as a byte order mark says, else as the label says, in linear time. Drops the mark. Never
 * replaces what the charset does not have.
 */
export const decodeText: Decode = (bytes, label) => decodeWith(bytes, label, new Map());

/**
 * The same for many short texts, such as a form. Opening a decoder takes longer than using it.
 *
 * @param isWhole whether each text is a body of its own, so that it may begin with a byte order mark
 */
export function createDecode(isWhole = true): Decode {
  const decoders: Decoders = new Map();
  return (bytes, label) => decodeWith(bytes, label, decoders, isWhole);
}

function decoderOf(label: string, known: Decoders): Decoder | undefined {
  if (!known.has(label)) known.set(label, openDecoder(label));
  return known.get(label);
}

function openDecoder(label: string): Decoder | undefined {
  for (const name of [label, otherLabel(label)]) {
    try {
      return new TextDecoder(name, { fatal: true });
    } catch {
      // Not a label of the standard.
    }
  }
  return undefined;
}

function decodeWith(bytes: Buffer, label: string, known: Decoders, isWhole = true): Decoded {
  const marked = isWhole ? markedCharset(bytes) : undefined;
  const named = marked ?? (isAscii(label, bytes) ? UTF8 : label);
  const table = codePage(named);
  if (table !== undefined) return { ok: true, text: decodeCodePage(bytes, table) };
  if (isUtf32(named)) {
    const text = decodeUtf32(bytes, named);
    return text === undefined ? { ok: false, charset: named, isKnown: true } : { ok: true, text };
  }
  const decoder = named === UTF8 ? undefined : decoderOf(named, known);
  const charset = named === UTF8 ? UTF8 : decoder?.encoding;
  if (charset === undefined)
    return isPlainAscii(bytes, named)
      ? { ok: true, text: bytes.toString('latin1') }
      : { ok: false, charset: named, isKnown: false };
  if (charset === UTF8) {
    if (!isUtf8(bytes)) return { ok: false, charset, isKnown: true };
    return { ok: true, text: bytes.toString('utf8', marked === undefined ? 0 : 3) };
  }
  // Some releases of Node decode it as ISO-8859-1: https://github.com/nodejs/node/issues/56542
  if (charset === 'windows-1252')
    return {
      ok: true,
      text: bytes
        .toString('latin1')
        .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character),
    };
  try {
    const text = decoder?.decode(bytes) ?? '';
    return text.includes('\ufffd') ? { ok: false, charset, isKnown: true } : { ok: true, text };
  } catch {
    return { ok: false, charset, isKnown: true };
  }
}

/**
 * Why text could not be decoded, for its sender. `what` is a noun with an article, `where` the place at which
 * the sender may name the charset.
 */
export const undecodable = (
  what: string,
  { charset, isKnown }: Extract<Decoded, { ok: false }>,
  where = 'Content-Type',
): string => {
  const name = charset === UTF8 ? 'UTF-8' : charset.slice(0, 40);
  return isKnown
    ? `${what} is not valid ${name}. Send UTF-8, or name the charset in ${where}.`
    : `${what} is in the unknown charset "${name}". Send UTF-8, or another charset that browsers know.`;
};
