import type { SchemaIssue } from '@agenthook/bounded';
import { parseOrUndefined } from '../wire/json.js';

type Arguments = Record<string, unknown>;

/**
 * A copy of arguments with two habits of models undone where the schema refuses them: null for an optional
 * argument that does not accept it, and an object or list written as a JSON string. Undefined if there is
 * neither. The caller checks the copy again.
 */
export function mendArguments(value: Arguments, issues: readonly SchemaIssue[]): Arguments | undefined {
  let mended = value;
  for (const { path } of issues)
    mended = mendAt(mended, path.split('/').slice(1).map(unescaped)) as Arguments;
  return mended === value ? undefined : mended;
}

/** The value with the part at `path` mended; the value itself if there is nothing to mend. */
function mendAt(value: unknown, [name, ...deeper]: string[]): unknown {
  if (name === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
    return value;
  }
  const before = (value as Arguments)[name];
  if (deeper.length === 0 && before === null && !Array.isArray(value)) {
    const { [name]: _left, ...rest } = value as Arguments;
    return rest;
  }
  const after = deeper.length === 0 ? decoded(before) : mendAt(before, deeper);
  if (after === before) return value;
  return Array.isArray(value)
    ? value.map((each, index) => (String(index) === name ? after : each))
    : { ...value, [name]: after };
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s{0,9}[[{]/.test(value)) return value;
  return parseOrUndefined(value) ?? value;
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-4 */
const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
