import { type Static, type TObject, Type } from '@sinclair/typebox';
import { EnvironmentError, loadEnvironment } from './load-environment.js';

/**
 * Reads each variable of `schema` by itself, so that all bad ones are found and the good ones can be used.
 *
 * @param optional variables that may be missing although the schema requires them
 * @returns the values of the good variables, and one line for each bad one
 */
export function checkEnvironment<T extends TObject>(
  schema: T,
  env: NodeJS.ProcessEnv,
  optional: readonly string[] = [],
): { values: Partial<Static<T>>; problems: string[] } {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    if (optional.includes(name) && !env[name] && !env[`${name}_FILE`]) continue;
    try {
      Object.assign(values, loadEnvironment(Type.Object({ [name]: property }), env));
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      problems.push(error.message);
    }
  }
  return { values: values as Partial<Static<T>>, problems };
}
