import type { AttemptInput } from '@agenthook/contracts';
import { type Prompt, renderPrompt } from '@agenthook/template';
import { final, type Verdict } from './verdict.js';

const NAMES = { system_prompt: 'system prompt', input_template: 'input template' };

/** The prompt of one attempt, or why its templates could not be rendered, which another attempt would only repeat. */
export function buildPrompt(input: AttemptInput, now: Date): Prompt | { problem: Verdict } {
  const { task, agent, payload, headers } = input;
  const { id, attempt, created_at } = task;
  const about = { id, attempt, created_at };
  const prompt = renderPrompt({ agent, config: agent.config, task: about, payload, headers }, now);
  if (!('fault' in prompt)) return prompt;
  const { template, message, line, column } = prompt.fault;
  const where = `line ${line}, column ${column}`;
  return {
    problem: final('internal', `The ${NAMES[template]} could not be rendered (${where}): ${message}`),
  };
}
