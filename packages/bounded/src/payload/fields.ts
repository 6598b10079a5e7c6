import { type ParsedPayload, type Refused, refuse } from './parsed.js';
import { isJson, readJson } from './read-json.js';

/** A field of a form. A file's value is an object. */
export type Field = readonly [name: string, value: unknown];

/**
 * Collects the fields of a form into an object, in which repeated ones are a list. If the form has the field
 * `unfolds` and its value is JSON, that is the payload.
 */
export function payloadOf(
  fields: readonly Field[],
  kind: 'form' | 'query' | 'multipart',
  unfolds?: string,
): ParsedPayload {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of fields) {
    // As a property of an object it would change the object's prototype.
    if (name === '__proto__') return refuse('invalid_form', 'A form field must not be called __proto__.');
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  const [folded, ...more] = (unfolds !== undefined && values.get(unfolds)) || [];
  if (typeof folded === 'string' && more.length === 0 && /^\s*[{[]/.test(folded) && isJson(folded)) {
    const read = readJson(folded);
    return read.ok ? { ...read, kind } : read;
  }
  const payload = Object.fromEntries(
    [...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
  );
  return { ok: true, kind, payload };
}

export const tooManyFields = (most: number): Refused =>
  refuse('invalid_form', `A form may have at most ${most.toLocaleString('en')} fields.`);
