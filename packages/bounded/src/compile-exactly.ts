import { ExactNumber, withDoubles } from '@agenthook/json';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { compileAjv } from './compile-ajv.js';
import { EXACT_KEYWORDS } from './exact-keywords.js';
import { exactValues } from './exact-values.js';

type Originals = ReturnType<typeof exactValues>['originalOf'];

/** A schema that compares numbers exactly. */
export interface ExactSchema {
  /** The validator, which has the errors after `passes`. */
  validate: ValidateFunction;
  passes(value: unknown): boolean;
}

/**
 * Compiles a schema that may have ExactNumbers, for values that may have them. Ajv checks a copy of the
 * value; the keywords that compare numbers look up the original.
 */
export function compileExactly(schema: object): ExactSchema {
  let originalOf: Originals = (data) => data;
  const adapt = (ajv: Ajv2020) => {
    for (const [keyword, { type, test, message }] of Object.entries(EXACT_KEYWORDS)) {
      ajv.removeKeyword(keyword);
      ajv.addKeyword({
        keyword,
        ...(type && { type }),
        errors: 'full',
        compile: (wanted: unknown) => {
          const isMatch = test(wanted);
          const errors: Partial<ErrorObject>[] = [{ keyword, params: {}, message: message(wanted) }];
          const validate: DataValidator = (data, context) => {
            const { parentData, parentDataProperty } = context ?? NO_CONTEXT;
            const isValid = isMatch(originalOf(data, parentData, parentDataProperty));
            validate.errors = isValid ? [] : errors.map((error) => ({ ...error }));
            return isValid;
          };
          return validate;
        },
      });
    }
  };
  const validate = compileAjv(exceptExact(schema) as object, { adapt });
  return {
    validate,
    passes: (value) => {
      const { holder, originalOf: found } = exactValues(value);
      originalOf = found;
      try {
        return validate(holder.value, {
          instancePath: '',
          parentData: holder,
          parentDataProperty: 'value',
          rootData: holder.value as object,
          dynamicAnchors: {},
        });
      } finally {
        originalOf = (data) => data;
      }
    },
  };
}

interface DataValidator {
  (data: unknown, context?: { parentData: object; parentDataProperty: string | number }): boolean;
  errors?: Partial<ErrorObject>[];
}

const NO_CONTEXT = { parentData: {}, parentDataProperty: '' };

/** A schema with ExactNumbers only in the keywords that understand them. */
function exceptExact(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(exceptExact);
  if (typeof schema !== 'object' || schema === null || schema instanceof ExactNumber)
    return withDoubles(schema);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [
      keyword,
      Object.hasOwn(EXACT_KEYWORDS, keyword) ? value : exceptExact(value),
    ]),
  );
}
