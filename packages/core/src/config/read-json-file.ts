import { readFileSync } from 'node:fs';
import type { Static, TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { EnvironmentError } from './load-environment.js';

/**
 * Reads the JSON file that an environment variable names. Throws EnvironmentError with one line that names
 * the variable, the file and the place in it; never a value, which may be a secret.
 */
export function readJsonFile<T extends TSchema>(
  variable: string,
  path: string,
  schema: T,
  /** Changes the parsed value before it is checked. */
  prepare = (value: unknown): unknown => value,
): Static<T> {
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
    value = prepare(JSON.parse(text));
  } catch {
    return fail('it is not JSON.');
  }
  const [first] = Value.Errors(schema, value);
  if (first) return fail(`${first.path || '/'}: ${choicesOf(first.schema) ?? first.message}.`);
  return value as Static<T>;
}

/** The texts that a place may have, if it must have one of a few. */
function choicesOf({ anyOf }: TSchema): string | undefined {
  const choices = (anyOf as { const?: unknown }[] | undefined)?.map((choice) => choice.const);
  return choices?.every((choice) => typeof choice === 'string')
    ? `must be one of ${choices.join(', ')}`
    : undefined;
}
