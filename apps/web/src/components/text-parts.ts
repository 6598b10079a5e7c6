/** Target length of a part, in characters, give or take a line. */
const PART = 10_000;

/**
 * Splits a text into parts that a browser can lay out one by one. Cuts after a line end if there is one, and
 * loses nothing.
 */
export function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const lineEnd = text.lastIndexOf('\n', from + PART);
    const to = from + PART >= text.length ? text.length : lineEnd > from ? lineEnd + 1 : from + PART;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}
