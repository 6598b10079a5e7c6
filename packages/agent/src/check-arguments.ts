import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * Schemas of arguments come from agents' editors and from strangers' servers. Their patterns are left to whoever gets
 * the call: a regular expression of a stranger must not run here (ReDoS), and formats need no check. A new compiler each
 * time: it would keep every schema it has seen.
 */
function compile(schema: Record<string, unknown>) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.removeKeyword('pattern');
  ajv.removeKeyword('patternProperties');
  return ajv.compile(schema);
}

type Checked = { success: true; value: Record<string, unknown> } | { success: false; error: Error };

/** A check of a model's arguments against a tool's JSON Schema; one that does not compile checks nothing but that they are an object. */
export function checkArguments(schema: Record<string, unknown>): (value: unknown) => Checked {
  let validate: ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };
  try {
    validate = compile(schema);
  } catch {
    validate = () => true;
  }
  return (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return { success: false, error: new Error('The arguments must be a JSON object.') };
    }
    if (validate(value)) return { success: true, value: value as Record<string, unknown> };
    const [first] = validate.errors ?? [];
    return {
      success: false,
      error: new Error(`The arguments are not valid: ${first?.instancePath || '/'} ${first?.message}`),
    };
  };
}
