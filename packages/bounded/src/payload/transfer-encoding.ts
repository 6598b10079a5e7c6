/** How a part of a form may be encoded, as in mail: RFC 2045, section 6. Others change nothing. */
export type TransferEncoding = 'base64' | 'quoted-printable';

/** A longer quoted-printable part stays as it is: decoding it takes about 15 ms for each MiB. */
const MOST_QUOTED = 256 * 1024;

/** The encoding that a header names, if the content is written in it. */
export function transferEncodingOf(
  header: string | undefined,
  content: Buffer,
): TransferEncoding | undefined {
  const name = header?.trim().toLowerCase();
  if (name === 'quoted-printable' && content.length <= MOST_QUOTED) return name;
  return name === 'base64' && isBase64(content) ? name : undefined;
}

const isBase64 = (content: Buffer): boolean => !/[^A-Za-z0-9+/=\s]/.test(content.toString('latin1'));

/** A soft line break, or a byte by its code. */
const QUOTED = /=(?:[ \t]{0,9}\r?\n|([0-9A-Fa-f]{2}))/g;

/** The bytes that an encoded text stands for. Linear. */
export function decodeTransfer(content: Buffer, encoding: TransferEncoding | undefined): Buffer {
  if (encoding === undefined) return content;
  const text = content.toString('latin1');
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  const decoded = text.replace(QUOTED, (_, code?: string) =>
    code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(decoded, 'latin1');
}
