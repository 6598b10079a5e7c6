import { Ajv2020 } from 'ajv/dist/2020.js';
import { DEEPEST_JSON } from './bound-answer.js';
import { nestsDeeper } from './json-depth.js';

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

const FENCE = '```';

/** What stands in a code fence, where the text is one fenced block and no more; else the text. Linear. */
function withoutFence(text: string): string {
  const block = text.trim();
  const firstLineEnd = block.indexOf('\n');
  if (firstLineEnd === -1 || !block.startsWith(FENCE) || !block.endsWith(FENCE)) return text;
  const language = block.slice(FENCE.length, firstLineEnd).trim();
  return language === '' || language === 'json' ? block.slice(firstLineEnd + 1, -FENCE.length) : text;
}

/** Reads a model's answer as JSON that validates against the schema; a code fence around it is forgiven. */
export function parseOutput(text: string, schema: Record<string, unknown>): ParsedOutput {
  const bare = withoutFence(text);
  if (nestsDeeper(bare, DEEPEST_JSON)) return { problem: `it nests deeper than ${DEEPEST_JSON} levels` };
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
