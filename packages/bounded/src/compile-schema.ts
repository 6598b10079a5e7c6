import { hasExactNumber, parseJson, withDoubles } from '@agenthook/json';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { compileAjv } from './compile-ajv.js';
import { compileExactly, type ExactSchema } from './compile-exactly.js';
import type { Checked, SchemaIssue } from './outcome.js';

/** How many issues of a value are listed; the rest are only counted. */
const MAX_ISSUES = 20;
/** Paths contain the sender's property names, which may be as long as the body. */
const MAX_TEXT = 200;

/** Checks a value against one schema. */
export type Check = (value: unknown) => Checked;

/**
 * Compiles a JSON Schema from JSON; with `strict`, first validates the schema itself. Numbers that a double
 * cannot hold, in the schema or in a value, are compared exactly, for which the schema is compiled again.
 *
 * Throws if the schema is invalid or has unresolved references.
 */
export function compileSchema(json: string, { strict = false } = {}): Check {
  const schema = parseJson(json) as object;
  const schemaIsExact = hasExactNumber(schema);
  const validate = compileAjv(withDoubles(schema) as object, { strict });
  let exactly: ExactSchema | undefined;
  return (value) => {
    if (!schemaIsExact && !hasExactNumber(value)) return checkedBy(validate, validate(value));
    exactly ??= compileExactly(schema);
    return checkedBy(exactly.validate, exactly.passes(value));
  };
}

function checkedBy(validate: ValidateFunction, isValid: boolean): Checked {
  if (isValid) return { outcome: 'fits' };
  const errors = validate.errors ?? [];
  // Otherwise the function would keep the errors, and with them the value, until its next call.
  validate.errors = null;
  return { outcome: 'misfit', issues: errors.slice(0, MAX_ISSUES).map(issueOf), total: errors.length };
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** An issue whose path names the missing or extra property, not the object around it. */
function issueOf({ instancePath, params, message, keyword }: ErrorObject): SchemaIssue {
  const unknown: unknown = params.additionalProperty ?? params.unevaluatedProperty;
  const name: unknown = params.missingProperty ?? unknown ?? params.propertyName;
  const path = cut(typeof name === 'string' ? `${instancePath}/${escaped(name)}` : instancePath);
  if (unknown !== undefined) return { path, message: 'is not known', keyword };
  if (params.missingProperty !== undefined) return { path, message: 'is missing', keyword };
  return { path, message: cut(message ?? keyword), keyword };
}
