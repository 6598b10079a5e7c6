import type { AttemptInput } from '@agenthook/contracts';
import { fenceNote, fenceTag, renderTemplate, TemplateRenderError, Trusted } from '@agenthook/template';
import { outputNote } from './structured-output.js';
import { final, type Verdict } from './verdict.js';

export interface Prompt {
  system: string;
  user: string;
}

/**
 * Renders an agent's two templates. What they put out stands between the task's fence tags, and the system prompt says
 * that such text is data. An input template that is or comes out empty is replaced by the payload as JSON, since no
 * provider takes an empty message.
 */
export function buildPrompt(input: AttemptInput, now: Date): Prompt | { problem: Verdict } {
  const { task, agent, payload, headers } = input;
  const { name, description, system_prompt, input_template, output_schema } = agent.config;
  const tag = fenceTag(task.id);
  const variables = {
    payload,
    agent: {
      id: new Trusted(agent.id),
      name: new Trusted(name),
      description: new Trusted(description),
      version: agent.version,
    },
    task: { ...task, id: new Trusted(task.id), created_at: new Trusted(task.created_at) },
    now: new Trusted(now.toISOString()),
    headers,
  };
  let rendering = 'system prompt';
  try {
    const system = renderTemplate(system_prompt, variables, { fence: tag });
    rendering = 'input template';
    const user = renderTemplate(input_template, variables, { fence: tag });
    return {
      system: [system.trim(), fenceNote(tag), output_schema ? outputNote(output_schema) : '']
        .filter((part) => part !== '')
        .join('\n\n'),
      user: user.trim() === '' ? `<${tag}>${JSON.stringify(payload)}</${tag}>` : user,
    };
  } catch (error) {
    if (!(error instanceof TemplateRenderError)) throw error;
    const { message, line, column } = error.issue;
    const where = `line ${line}, column ${column}`;
    return {
      problem: final('internal', `The ${rendering} could not be rendered (${where}): ${message}`),
    };
  }
}
