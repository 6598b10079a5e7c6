import { decimalOfValue, ExactNumber, isWhole } from '@agenthook/json';

/** A value, copied for Ajv, which knows only doubles, and the way back to its exact numbers. */
export interface ExactValues {
  /** Holds the copy as `value`. */
  holder: { value: unknown };
  /** The original of `data`, which is `parent[property]` in the copy. */
  originalOf(data: unknown, parent: object, property: string | number): unknown;
}

/** Copies a value with a double in place of each ExactNumber, which only tells whether that is whole. */
export function exactValues(value: unknown): ExactValues {
  const originals = new Map<unknown, unknown>();
  const copyOf = (original: unknown): unknown => {
    if (original instanceof ExactNumber) return isWholeNumber(original) ? 0 : 0.5;
    if (typeof original !== 'object' || original === null) return original;
    const items = Object.entries(original);
    const entries = items.map(([key, item]) => [key, copyOf(item)] as const);
    if (entries.every(([, copy], n) => copy === items[n]?.[1])) return original;
    const copy = Array.isArray(original) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
    originals.set(copy, original);
    return copy;
  };
  return {
    holder: copyOf({ value }) as ExactValues['holder'],
    originalOf: (data, parent, property) => {
      if (typeof data === 'object' && data !== null) return originals.get(data) ?? data;
      // Names of properties are checked with the object around them as their parent.
      if (typeof data !== 'number') return data;
      return ((originals.get(parent) ?? parent) as Record<string, unknown>)[property];
    },
  };
}

function isWholeNumber(number: ExactNumber): boolean {
  const decimal = decimalOfValue(number);
  return decimal !== undefined && isWhole(decimal);
}
