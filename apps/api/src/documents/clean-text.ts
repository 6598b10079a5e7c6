import { pauses } from '@agenthook/core';

const LINE_END = /\r\n?|[\u2028\u2029\f\v]/g;
/** They come out of odd PDFs and say nothing. */
const CONTROL = /(?![\t\n])\p{Cc}/gu;
/** What is worked on in one go: a few ms. */
const SLICE = 32 * 1024;

/** The slices of a body as text of `charset`. Throws TypeError for bytes that are none, RangeError for no charset. */
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
 * A text with one kind of line end and no control characters, in steps that let other work through. Ends where there are
 * more than `maxCharacters`; then it is longer than that.
 */
export async function cleanText(slices: Iterable<string>, maxCharacters: number): Promise<string> {
  const pause = pauses();
  let text = '';
  /** Whether the slice before ended with the first half of a line end. */
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
