/** How long a part is, in characters, give or take a line. */
const PART = 10_000;

/** A text in parts that a browser can lay out one by one: cut after a line where there is one, and never lost. */
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
