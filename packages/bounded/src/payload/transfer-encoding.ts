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

/** Decodes quoted-printable text byte by byte. An `=` that begins nothing stays as it is. */
function decodeQuoted(content: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(content.length);
  let length = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0;
    if (byte !== EQUALS) {
      decoded[length++] = byte;
      continue;
    }
    const [high, low] = [digitOf(content[at + 1]), digitOf(content[at + 2])];
    const next = high === undefined || low === undefined ? afterSoftBreak(content, at) : undefined;
    if (next !== undefined) at = next - 1;
    else if (high === undefined || low === undefined) decoded[length++] = byte;
    else {
      decoded[length++] = high * 16 + low;
      at += 2;
    }
  }
  return decoded.subarray(0, length);
}

/** Where the line goes on that an `=` breaks; undefined if it breaks none. */
function afterSoftBreak(content: Buffer, equals: number): number | undefined {
  let at = equals + 1;
  while (content[at] === SPACE || content[at] === TAB) at++;
  if (content[at] === CR) at++;
  return content[at] === LF ? at + 1 : undefined;
}

/** The value of a hex digit; undefined for another byte. */
function digitOf(byte = 0): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x41 + 10 : undefined;
}
