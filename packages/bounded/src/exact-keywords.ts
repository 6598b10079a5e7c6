import { compare, type Decimal, decimalOfValue, ExactNumber, isMultiple } from '@agenthook/json';
import type { JSONType } from 'ajv/dist/2020.js';

/** A keyword that compares numbers by their exact value. */
export interface ExactKeyword {
  /** The type of value that it applies to; undefined for any. */
  type?: JSONType;
  /** Prepares the test for the keyword's value in a schema. */
  test(wanted: unknown): (value: unknown) => boolean;
  message(wanted: unknown): string;
}

const number = (passes: (a: Decimal, b: Decimal) => boolean, message: string): ExactKeyword => ({
  type: 'number',
  test: (wanted) => {
    const limit = decimalOfValue(wanted);
    if (!limit) throw new Error(`${message} a number`);
    return (value) => {
      const decimal = decimalOfValue(value);
      return decimal !== undefined && passes(decimal, limit);
    };
  },
  message: (wanted) => `${message} ${wanted}`,
});

/** The keywords of JSON Schema that compare numbers, with Ajv's messages. */
export const EXACT_KEYWORDS: Record<string, ExactKeyword> = {
  minimum: number((value, limit) => compare(value, limit) >= 0, 'must be >='),
  maximum: number((value, limit) => compare(value, limit) <= 0, 'must be <='),
  exclusiveMinimum: number((value, limit) => compare(value, limit) > 0, 'must be >'),
  exclusiveMaximum: number((value, limit) => compare(value, limit) < 0, 'must be <'),
  multipleOf: number(isMultiple, 'must be multiple of'),
  const: {
    test: (wanted) => {
      const same = canonical(wanted);
      return (value) => canonical(value) === same;
    },
    message: () => 'must be equal to constant',
  },
  enum: {
    test: (wanted) => {
      const allowed = new Set((wanted as unknown[]).map(canonical));
      return (value) => allowed.has(canonical(value));
    },
    message: () => 'must be equal to one of the allowed values',
  },
  uniqueItems: {
    type: 'array',
    test: (wanted) => (value) => {
      const items = value as unknown[];
      return wanted !== true || new Set(items.map(canonical)).size === items.length;
    },
    message: () => 'must NOT have duplicate items',
  },
};

/** A text that is the same for equal JSON values. */
function canonical(value: unknown): string {
  const decimal = decimalOfValue(value);
  if (decimal) {
    const { negative, digits, point } = decimal;
    return digits === '' ? '0' : `${negative ? '-' : ''}${digits}e${point}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber)
    return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
}
