import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface AjvOptions {
  /** First validates the schema itself against the standard, which takes about 20 ms more. */
  strict?: boolean;
  /** Changes the compiler before it compiles. */
  adapt?: (ajv: Ajv2020) => void;
}

/**
 * Compiles a JSON Schema (2020-12). `format` is an annotation, as in the standard. Uses a new compiler each
 * time, because a compiler keeps every schema it has seen.
 *
 * Throws if the schema is invalid or has unresolved references.
 */
export function compileAjv(schema: object, { strict = false, adapt }: AjvOptions = {}): ValidateFunction {
  const options = { strict: false, validateFormats: false, allErrors: true, logger: false as const };
  const compile = (own: object) => {
    const ajv = new Ajv2020({ ...options, ...own });
    adapt?.(ajv);
    return ajv.compile(schema);
  };
  let validate: ValidateFunction;
  try {
    validate = compile(strict ? {} : { meta: false, validateSchema: false });
  } catch (error) {
    // It may refer to the standard's own schema.
    if (strict || (error as { missingRef?: string }).missingRef === undefined) throw error;
    validate = compile({});
  }
  // Its result would be a promise, which always counts as "valid".
  if ('$async' in validate) throw new Error('$async is not part of JSON Schema');
  return validate;
}
