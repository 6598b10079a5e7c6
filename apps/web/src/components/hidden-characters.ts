/** Text as it is, or a character that cannot be seen or that changes how the text next to it looks. */
export type Piece = string | { code: string; name: string };

const NAMES: Record<string, string> = {
  'U+00AD': 'soft hyphen',
  'U+061C': 'Arabic letter mark',
  'U+200B': 'zero-width space',
  'U+200C': 'zero-width non-joiner',
  'U+200D': 'zero-width joiner',
  'U+200E': 'left-to-right mark',
  'U+200F': 'right-to-left mark',
  'U+202A': 'left-to-right embedding',
  'U+202B': 'right-to-left embedding',
  'U+202C': 'end of embedding',
  'U+202D': 'left-to-right override',
  'U+202E': 'right-to-left override',
  'U+2060': 'word joiner',
  'U+2066': 'left-to-right isolate',
  'U+2067': 'right-to-left isolate',
  'U+2068': 'first strong isolate',
  'U+2069': 'end of isolate',
  'U+FEFF': 'byte order mark',
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
    pieces.push({ code, name: NAMES[code] ?? 'hidden character' });
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
