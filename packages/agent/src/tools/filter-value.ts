/** Deeper than any answer that is meant to be read; a hostile one must not end in a stack overflow. */
const DEEPEST = 100;

/**
 * A JSON value with each text in it passed through `clean`, names of fields included. A number that `clean` changes (a
 * secret of digits, sent back as a number) becomes a text. Throws RangeError on a value that is nested too deeply.
 */
export function filterValue(value: unknown, clean: (text: string) => string, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError('nested too deeply');
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number') {
    const text = clean(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => filterValue(item, clean, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [clean(name), filterValue(field, clean, depth + 1)]),
  );
}
