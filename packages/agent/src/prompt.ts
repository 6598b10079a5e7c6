import type { Bounded } from '@agenthook/bounded';
import type { AttemptInput } from '@agenthook/contracts';
import type { Prompt } from '@agenthook/template';
import { limitVerdict } from './limit-verdict.js';
import { final, type Verdict } from './verdict.js';

const NAMES = { system_prompt: 'system prompt', input_template: 'input template' };

/** Builds the prompt of one attempt, or explains why its templates cannot be rendered. */
export async function buildPrompt(
  bounded: Bounded,
  { task, agent, payload, headers, query }: AttemptInput,
  now: Date,
  signal: AbortSignal,
): Promise<Prompt | { problem: Verdict }> {
  const { id, attempt, created_at } = task;
  const about = { id, attempt, created_at };
  const source = { agent, config: agent.config, task: about, payload, headers, query };
  const rendered = await bounded.renderPrompt(source, now, { key: agent.id, signal });
  switch (rendered.outcome) {
    case 'rendered':
      return rendered.prompt;
    case 'fault': {
      const { template, message, line, column } = rendered.fault;
      const where = `line ${line}, column ${column}`;
      // Another attempt would fail in the same way.
      return {
        problem: final('internal', `The ${NAMES[template]} could not be rendered (${where}): ${message}`),
      };
    }
    default:
      return { problem: limitVerdict('Rendering the prompt', rendered) };
  }
}
