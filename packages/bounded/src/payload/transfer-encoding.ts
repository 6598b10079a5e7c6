/** How a part of a form may be encoded, as in mail: RFC 2045, section 6. Others change nothing. */
export type TransferEncoding = 'base64' | 'quoted-printable';

/** The encoding that a header names, if the content is written in it. */
export function transferEncodingOf(
  header: string | undefined,
  content: Buffer,
): TransferEncoding | undefined {
  const name = header?.trim().toLowerCase();
  if (name === 'quoted-printable') return name;
  return name === 'base64' && isBase64(content) ? name : undefined;
}

const isBase64 = (content: Buffer): boolean => !/[^A-Za-z0-9+/=\s]/.test(content.toString('latin1'));

/** The bytes that an encoded text stands for. Linear. */
export function decodeTransfer(content: Buffer, encoding: TransferEncoding | undefined): Buffer {
  if (encoding === undefined) return content;
  return encoding === 'base64' ? Buffer.from(content.toString('latin1'), 'base64') : decodeQuoted(content);
}

const [TAB, LF, CR, SPACE, EQUALS] = [0x09, 0x0a, 0x0d, 0x20, 0x3d];
const NO_DIGIT = 16;
/** The value of each byte as a hex digit. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
});

/** Decodes quoted-printable text byte by byte. An `=` that begins nothing stays as it is. */
function decodeQuoted(content: Buffer): Buffer {
  const end = content.length;
  const decoded = Buffer.allocUnsafe(end);
  let length = 0;
  let at = 0;
  while (at < end) {
    const byte = content[at] as number;
    if (byte !== EQUALS) {
      decoded[length++] = byte;
      at++;
      continue;
    }
    const high = at + 2 < end ? (DIGITS[content[at + 1] as number] as number) : NO_DIGIT;
    const low = at + 2 < end ? (DIGITS[content[at + 2] as number] as number) : NO_DIGIT;
    if (high !== NO_DIGIT && low !== NO_DIGIT) {
      decoded[length++] = high * 16 + low;
      at += 3;
      continue;
    }
    const next = afterSoftBreak(content, at);
    if (next === at) decoded[length++] = byte;
    at = next === at ? at + 1 : next;
  }
  return decoded.subarray(0, length);
}

/** Where the text goes on after the line break that an `=` removes; the place of the `=` if none follows. */
function afterSoftBreak(content: Buffer, equals: number): number {
  let at = equals + 1;
  while (content[at] === SPACE || content[at] === TAB) at++;
  if (content[at] === CR) at++;
  return content[at] === LF ? at + 1 : equals;
}
