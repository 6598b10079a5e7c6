import type { Bounded, Caller } from '@agenthook/bounded';
import { DEEPEST_JSON } from './bound-answer.js';
import { findJson } from './find-json.js';
import { nestsDeeper } from './json-depth.js';
import { limitVerdict } from './limit-verdict.js';
import { final, VerdictError } from './verdict.js';

export type ParsedOutput = { output: unknown } | { problem: string };

/** How many errors in an answer the model is told. */
const TOLD = 5;
const FENCE = '```';

/** The message that asks the model to correct an answer of the wrong form. */
export const repairRequest = (problem: string): string =>
  `Your answer does not have the required form: ${problem}. Answer again, with only the corrected JSON.`;

/** The content of a code fence if the text is exactly one fenced block; otherwise the text. Linear. */
function withoutFence(text: string): string {
  const block = text.trim();
  const firstLineEnd = block.indexOf('\n');
  if (firstLineEnd === -1 || !block.startsWith(FENCE) || !block.endsWith(FENCE)) return text;
  const language = block.slice(FENCE.length, firstLineEnd).trim();
  return language === '' || language === 'json' ? block.slice(firstLineEnd + 1, -FENCE.length) : text;
}

/**
 * Parses a model's answer as JSON that matches the schema, ignoring a code fence and prose around it. If the
 * text has several values, exactly one must match. The compiled schema is cached. Throws VerdictError if the
 * check is aborted: `invalid_output` if it takes too long.
 */
export async function parseOutput(
  bounded: Bounded,
  caller: Caller,
  text: string,
  schema: Record<string, unknown>,
): Promise<ParsedOutput> {
  const whole = withoutFence(text);
  const parsed = await parseValue(bounded, caller, whole, schema);
  if (!('notJson' in parsed)) return parsed;
  const outputs = new Map<string, unknown>();
  let problem = parsed.problem;
  for (const part of findJson(text)) {
    const inner = await parseValue(bounded, caller, part, schema);
    if ('output' in inner) outputs.set(JSON.stringify(inner.output), inner.output);
    else if (!('notJson' in inner)) problem = inner.problem;
  }
  if (outputs.size > 1) return { problem: 'it has several JSON values that match' };
  return outputs.size === 1 ? { output: [...outputs.values()][0] } : { problem };
}

async function parseValue(
  bounded: Bounded,
  caller: Caller,
  bare: string,
  schema: Record<string, unknown>,
): Promise<ParsedOutput | { problem: string; notJson: true }> {
  if (nestsDeeper(bare, DEEPEST_JSON)) return { problem: `it nests deeper than ${DEEPEST_JSON} levels` };
  const checked = await bounded.checkText(schema, bare, caller);
  switch (checked.outcome) {
    case 'fits':
      return { output: checked.value };
    case 'not_json':
      return { problem: 'it is not JSON', notJson: true };
    case 'misfit':
      return {
        problem: checked.issues
          .slice(0, TOLD)
          .map(({ path, message }) => `${path || '/'} ${message}`)
          .join('; '),
      };
    case 'bad_schema':
      throw new VerdictError(final('internal', `The output_schema does not compile: ${checked.message}`));
    case 'starved':
      throw new VerdictError(limitVerdict('Checking the answer', checked));
    case 'too_slow':
    case 'too_large':
      throw new VerdictError(
        final('invalid_output', "Checking the answer against the agent's output_schema takes too long."),
      );
  }
}
