import { pauses } from '@agenthook/core';

const LINE_END = /\r\n?|[\u2028\u2029\f\v]/g;
/** Damaged PDFs produce them, and they carry no meaning. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;
/** The amount of text cleaned in one go, which takes a few ms. */
const SLICE = 32 * 1024;

/**
 * Decodes a body to text, slice by slice. Throws TypeError for bytes that are invalid in `charset`,
 * RangeError for an unknown charset.
 */
export function* decodeSlices(body: Uint8Array, charset: string): Generator<string> {
  const decoder = new TextDecoder(charset, { fatal: true });
  for (let at = 0; at < body.length; at += SLICE) {
    yield decoder.decode(body.subarray(at, at + SLICE), { stream: at + SLICE < body.length });
  }
}

export function* textSlices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += SLICE) yield text.slice(at, at + SLICE);
}

/**
 * Returns the text with uniform line ends and without control characters, and yields to other work in
 * between. Stops once the text is longer than `maxCharacters`; the result is then longer too.
 */
export async function cleanText(slices: Iterable<string>, maxCharacters: number): Promise<string> {
  const pause = pauses();
  let text = '';
  /** The first half of a line end at the end of the previous slice. */
  let held = '';
  for (const slice of slices) {
    const part = held + slice;
    held = part.endsWith('\r') ? '\r' : '';
    text += part
      .slice(0, part.length - held.length)
      .replace(LINE_END, '\n')
      .replace(CONTROL, '');
    if (text.length > maxCharacters) break;
    await pause();
  }
  return text.trim();
}
