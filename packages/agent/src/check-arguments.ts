import type { Bounded, Caller } from '@agenthook/bounded';
import { isJsonObject } from '@agenthook/json';
import { argumentSchema } from './argument-schema.js';
import { mendArguments } from './model/normalise/mend-arguments.js';

type Checked = { success: true; value: Record<string, unknown> } | { success: false; error: Error };

export type ArgumentCheck = (value: unknown) => Promise<Checked>;

/**
 * Checks a model's arguments against a tool's JSON Schema. Compiles it at the first call, because most runs
 * call few of their tools. Removes optional nulls that the schema does not accept. If the schema does not
 * compile, it only checks that the arguments are an object.
 */
export function checkArguments(
  bounded: Bounded,
  caller: Caller,
  parameters: Record<string, unknown>,
): ArgumentCheck {
  let schema: Record<string, unknown> | undefined;
  const refuse = (message: string): Checked => ({ success: false, error: new Error(message) });
  return async (value) => {
    if (!isJsonObject(value)) return refuse('The arguments must be a JSON object.');
    schema ??= argumentSchema(parameters);
    let given = value;
    let checked = await bounded.check(schema, given, caller);
    const mended = checked.outcome === 'misfit' ? mendArguments(given, checked.issues) : undefined;
    if (mended) {
      const again = await bounded.check(schema, mended, caller);
      if (again.outcome === 'fits') [given, checked] = [mended, again];
    }
    switch (checked.outcome) {
      case 'fits':
      case 'bad_schema':
        return { success: true, value: given };
      case 'misfit': {
        const [first] = checked.issues;
        return refuse(`The arguments are not valid: ${first?.path || '/'} ${first?.message}`);
      }
      case 'too_slow':
      case 'too_large':
        return refuse('Checking the arguments takes too long. Call the tool with fewer or shorter ones.');
      case 'starved':
        return refuse('The arguments could not be checked right now. Call the tool again.');
    }
  };
}
