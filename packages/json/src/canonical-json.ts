import { decimalOfValue } from './exact-number.js';

/**
 * A text that is the same for equal JSON values: members are sorted by name, and numbers count by their exact
 * value. Not JSON. Recursive: the value's depth must be bounded.
 */
export function canonicalJson(value: unknown): string {
  const decimal = decimalOfValue(value);
  if (decimal) {
    const { negative, digits, point } = decimal;
    return digits === '' ? '0' : `${negative ? '-' : ''}${digits}e${point}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join()}}`;
}
