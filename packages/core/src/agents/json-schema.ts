import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/**
 * Compiles a JSON Schema (2020-12). With `allErrors` it reports every fault, not the first alone. `format` is an
 * annotation, as in the standard. A new compiler each time: it would keep every schema it has seen.
 *
 * Throws when the schema is none, or refers to what it does not contain.
 */
export function compileSchema(schema: Record<string, unknown>, allErrors = false): ValidateFunction {
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors }).compile(schema);
  // Its answer would be a promise, which passes for "valid" whatever comes of it.
  if ('$async' in validate) throw new Error('$async is not part of JSON Schema');
  return validate;
}
