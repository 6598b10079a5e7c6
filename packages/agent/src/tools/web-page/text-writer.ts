/** Where a stretch of the text begins and ends, in pieces. */
export type Stretch = [from: number, to: number];

export interface TextWriter {
  /** Text as HTML shows it: white space collapsed. */
  text(text: string): void;
  /** Text as it is. */
  verbatim(text: string): void;
  /** Ends the line; with 2, leaves an empty one. Several in a row count once. */
  lines(count: 1 | 2): void;
  /** What stands before the next text of its line, such as "- ". */
  prefix(mark: string): void;
  /** The number of pieces so far; the place for since() and take(). */
  place(): number;
  /** The text since a place. */
  since(place: number): string;
  /** Puts `text` in the place of all since `place`. */
  replaceSince(place: number, text: string): void;
  take(stretches: Stretch[]): string;
}

/** Makes a writer that turns the text of a page into lines. It keeps pieces: its time grows with the text alone. */
export function createTextWriter(): TextWriter {
  const pieces: string[] = [];
  let pendingLines = 2; // nothing stands before the first line
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
