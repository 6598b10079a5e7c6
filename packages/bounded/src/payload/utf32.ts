const LABEL = /^(?:utf|ucs|iso-10646-ucs)-?(?:32|4)[-_]?(le|be)?$/i;

/** Whether a label is one of UTF-32, which browsers do not know, but Python, Java and iconv write. */
export const isUtf32 = (label: string): boolean => LABEL.test(label);

const LARGEST = 0x10ffff;
/** More arguments of one call could overflow the stack. */
const AT_ONCE = 4_096;

/** Text in UTF-32, without its mark; undefined if bytes are not. */
export function decodeUtf32(bytes: Buffer, label: string): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  // The largest character has a byte of zero at that end.
  const order = LABEL.exec(label)?.[1] ?? (bytes[0] === 0 ? 'be' : 'le');
  const codes: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const code = order.toLowerCase() === 'be' ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    if (code > LARGEST || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    codes.push(code);
  }
  let text = '';
  for (let at = 0; at < codes.length; at += AT_ONCE)
    text += String.fromCodePoint(...codes.slice(at, at + AT_ONCE));
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
