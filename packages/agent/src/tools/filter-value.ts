import { ExactNumber } from '@agenthook/json';

/** Deeper than any answer meant to be read. A hostile one must not overflow the stack. */
const DEEPEST = 100;

/**
 * A JSON value with `clean` applied to every text, including field names. A number that `clean` changes (a
 * secret of digits that came back as a number) becomes text. Throws RangeError if the value is nested too
 * deeply.
 */
export function filterValue(value: unknown, clean: (text: string) => string, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError('nested too deeply');
  if (typeof value === 'string') return clean(value);
  if (typeof value === 'number' || value instanceof ExactNumber) {
    const text = clean(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => filterValue(item, clean, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [clean(name), filterValue(field, clean, depth + 1)]),
  );
}
