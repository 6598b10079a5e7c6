/**
 * Cuts a text to at most `most`, ending with an ellipsis. `measure` returns the size of a text; default:
 * UTF-16 code units. It must grow with the text and be at least its length. Never splits a character.
 */
export function cut(text: string, most: number, measure = (part: string) => part.length): string {
  if (text.length <= most && measure(text) <= most) return text;
  let fits = 0;
  let tooLong = Math.min(text.length, most + 1);
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >>> 1;
    if (measure(`${text.slice(0, middle)}…`) <= most) fits = middle;
    else tooLong = middle;
  }
  const half = /[\uD800-\uDBFF]$/.test(text.slice(0, fits)) ? 1 : 0;
  return `${text.slice(0, fits - half)}…`;
}
