import { areEqual, compare, type Decimal, decimalOf } from './decimal.js';

/** TypeScript does not declare it yet: https://tc39.es/proposal-json-parse-with-source/ */
const { rawJSON } = JSON as unknown as { rawJSON?: (text: string) => object };

/**
 * A JSON number whose value a JavaScript number cannot hold. Immutable. Texts and JSON show its digits as
 * they were sent; arithmetic uses the nearest double.
 *
 * `equals`, `gt`, `geq`, `lt` and `leq` compare exact values. Together they are LiquidJS's protocol for
 * objects that compare themselves: https://liquidjs.com/tutorials/drops.html
 */
export class ExactNumber {
  readonly #text: string;

  /** @param text a number by JSON's grammar */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** Lets JSON.stringify write the digits. A browser without JSON.rawJSON writes the nearest double. */
  toJSON(): unknown {
    return rawJSON ? rawJSON(this.#text) : nearestDouble(this.#text);
  }

  [Symbol.toPrimitive](hint: string): number | string {
    return hint === 'number' ? nearestDouble(this.#text) : this.#text;
  }

  equals(other: unknown): boolean {
    const that = decimalOfValue(other);
    return that !== undefined && areEqual(decimalOf(this.#text), that);
  }
  gt(other: unknown): boolean {
    return this.#order(other) > 0;
  }
  geq(other: unknown): boolean {
    return this.#order(other) >= 0;
  }
  lt(other: unknown): boolean {
    return this.#order(other) < 0;
  }
  leq(other: unknown): boolean {
    return this.#order(other) <= 0;
  }

  /** NaN beside anything but a number, so that every comparison is false. */
  #order(other: unknown): number {
    const that = decimalOfValue(other);
    return that === undefined ? Number.NaN : compare(decimalOf(this.#text), that);
  }
}

/** The nearest finite double, because JSON has no Infinity. */
const nearestDouble = (text: string): number =>
  Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(text)));

/** The exact value of a number; undefined for anything else. */
export function decimalOfValue(value: unknown): Decimal | undefined {
  if (value instanceof ExactNumber) return decimalOf(`${value}`);
  return typeof value === 'number' && Number.isFinite(value) ? decimalOf(String(value)) : undefined;
}

/** Every number of up to 15 digits and an ordinary exponent survives a double, except -0. */
const SURELY_FITS = /^(?:-?[1-9]|0)[\d.]{0,14}(?:[eE][+-]?\d\d?)?$/;

/** Whether a double has the same value as a JSON number, so that it can be written again: 1.10 is 1.1. */
export function fitsDouble(text: string): boolean {
  if (SURELY_FITS.test(text)) return true;
  const double = Number(text);
  const written = String(double);
  if (written === text) return true;
  if (!Number.isFinite(double) || Object.is(double, -0)) return false;
  return areEqual(decimalOf(text), decimalOf(written));
}
