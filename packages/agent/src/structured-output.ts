import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * Schemas come from agents' editors, who were told at save when one does not compile. A new compiler each time: it would
 * keep every schema it has seen.
 */
const compile = (schema: Record<string, unknown>) =>
  new Ajv2020({ strict: false, validateFormats: false, allErrors: true, validateSchema: false }).compile(
    schema,
  );

export type ParsedOutput = { output: unknown } | { problem: string };

/** Asks once more for an answer whose form was wrong. */
export const repairRequest = (problem: string): string =>
  `Your answer does not have the required form: ${problem}. Answer again, with the corrected JSON alone.`;

/** Reads a model's answer as JSON that validates against the schema; a code fence around it is forgiven. */
export function parseOutput(text: string, schema: Record<string, unknown>): ParsedOutput {
  const bare = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(text)?.[1] ?? text;
  let output: unknown;
  try {
    output = JSON.parse(bare);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const validate = compile(schema);
  if (validate(output)) return { output };
  const errors = (validate.errors ?? [])
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  return { problem: errors.join('; ') };
}
