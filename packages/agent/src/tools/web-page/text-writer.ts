/** The start and end of a stretch of text, in pieces. */
export type Stretch = [from: number, to: number];

export interface TextWriter {
  /** Text as HTML shows it: white space collapsed. */
  text(text: string): void;
  /** Text as is. */
  verbatim(text: string): void;
  /** Ends the line; with 2, adds an empty line. Several in a row count once. */
  lines(count: 1 | 2): void;
  /** Text before the next text of its line, such as "- ". */
  prefix(mark: string): void;
  /** The number of pieces so far, a position for since() and replaceSince(). */
  place(): number;
  /** The text since a position. */
  since(place: number): string;
  /** Replaces everything since `place` with `text`. */
  replaceSince(place: number, text: string): void;
  take(stretches: Stretch[]): string;
}

/**
 * Creates a writer that turns a page's text into lines. It keeps pieces, so its time is linear in the text.
 */
export function createTextWriter(): TextWriter {
  const pieces: string[] = [];
  let pendingLines = 2; // no line break before the first line
  let pendingSpace = false;
  let pendingPrefix = '';

  const push = (text: string) => {
    if (pendingLines > 0) pieces.push(pieces.length === 0 ? '' : '\n'.repeat(pendingLines));
    if (pendingPrefix !== '') pieces.push(pendingPrefix);
    else if (pendingSpace && pendingLines === 0) pieces.push(' ');
    pendingLines = 0;
    pendingSpace = false;
    pendingPrefix = '';
    pieces.push(text);
  };

  return {
    text: (text) => {
      const words = text.replace(/[\s\u00a0]+/g, ' ');
      const trimmed = words.trim();
      if (words.startsWith(' ')) pendingSpace = true;
      if (trimmed === '') return;
      push(trimmed);
      pendingSpace = words.endsWith(' ');
    },
    verbatim: (text) => {
      if (text !== '') push(text);
    },
    lines: (count) => {
      pendingLines = Math.max(pendingLines, count);
      pendingSpace = false;
    },
    prefix: (mark) => {
      pendingPrefix = mark;
    },
    place: () => pieces.length,
    since: (place) => pieces.slice(place).join(''),
    replaceSince: (place, text) => {
      pieces.length = place;
      pieces.push(text);
    },
    take: (stretches) =>
      stretches
        .map(([from, to]) => pieces.slice(from, to).join('').trim())
        .filter((text) => text !== '')
        .join('\n\n'),
  };
}
