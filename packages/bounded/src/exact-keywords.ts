import { canonicalJson, compare, type Decimal, decimalOfValue, isMultiple } from '@agenthook/json';
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
      const same = canonicalJson(wanted);
      return (value) => canonicalJson(value) === same;
    },
    message: () => 'must be equal to constant',
  },
  enum: {
    test: (wanted) => {
      const allowed = new Set((wanted as unknown[]).map(canonicalJson));
      return (value) => allowed.has(canonicalJson(value));
    },
    message: () => 'must be equal to one of the allowed values',
  },
  uniqueItems: {
    type: 'array',
    test: (wanted) => (value) => {
      const items = value as unknown[];
      return wanted !== true || new Set(items.map(canonicalJson)).size === items.length;
    },
    message: () => 'must NOT have duplicate items',
  },
};
