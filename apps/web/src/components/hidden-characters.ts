/** Text as it is, or a character that cannot be seen, or that changes the order or look of those around it. */
export type Piece = string | { code: string; name: string };

const NAMES: Record<number, string> = {
  173: 'soft hyphen',
  1564: 'Arabic letter mark',
  8203: 'zero-width space',
  8204: 'zero-width non-joiner',
  8205: 'zero-width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'end of embedding',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'end of isolate',
  65279: 'byte order mark',
};

/**
 * Controls (Cc, except tab and line ends), format characters (Cf: bidi, zero-width, tags), line and paragraph
 * separators, blank letters, and variation selectors that nothing shown needs (used to hide text).
 * https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export const HIDDEN =
  /[^\P{Cc}\t\n\r]|\p{Cf}|[\u2028\u2029\u115f\u1160\u3164\uffa0]|[\u{fe00}-\u{fe0d}]|[\u{e0100}-\u{e01ef}]/gu;

/** What a joiner connects in scripts and emoji that need it. */
const JOINABLE = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;

/** Splits a text, in linear time, so that each hidden character can be shown as its code point. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    const point = character.codePointAt(0) ?? 0;
    const end = index + character.length;
    if ((point === 0x200c || point === 0x200d) && joins(text, index, end)) continue;
    if (index > from) pieces.push(text.slice(from, index));
    const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
    pieces.push({ code, name: NAMES[point] ?? 'hidden character' });
    from = end;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

function joins(text: string, start: number, end: number): boolean {
  const low = text.charCodeAt(start - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff;
  const before = text.slice(start - (isPair ? 2 : 1), start);
  const after = String.fromCodePoint(text.codePointAt(end) ?? 0);
  return JOINABLE.test(before) && JOINABLE.test(after);
}
