import { readFileSync } from 'node:fs';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { EnvironmentError } from './load-environment.js';

/**
 * Reads the JSON file that an environment variable names. Throws EnvironmentError with one line that names
 * the variable, the file and the place in it; never a value, which may be a secret.
 */
export function readJsonFile<T extends TSchema>(variable: string, path: string, schema: T): Static<T> {
  const fail = (problem: string): never => {
    throw new EnvironmentError(`${variable} (${path}): ${problem}`);
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return fail('the file cannot be read.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('it is not JSON.');
  }
  const [first] = Value.Errors(schema, value);
  if (first) return fail(`${first.path || '/'}: ${first.message}.`);
  return value as Static<T>;
}
