import type { TemplateIssue } from './check-template.js';
import { fenceText } from './fence.js';
import { fenceNote, fenceTag, renderTemplate, TemplateRenderError } from './render-template.js';
import { Trusted } from './trusted.js';

/** Everything that a prompt is made of. */
export interface PromptSource {
  agent: { id: string; version: number };
  config: {
    name: string;
    description: string;
    system_prompt: string;
    input_template: string;
    output_schema: Record<string, unknown> | null;
  };
  task: { id: string; attempt: number; created_at: string };
  payload: unknown;
  headers: Record<string, string>;
  /** The parsed query string of a POST. */
  query: Record<string, string | string[]>;
}

/** The first messages to the model. */
export interface Prompt {
  system: string;
  user: string;
  /** The URLs of files that belong to the user message; missing if there are none. */
  attach?: string[];
  /** Those that could not be had when the first turn began, and why. */
  unattached?: { url: string; problem: string }[];
}

/** The template that could not be rendered, and where it failed. */
export interface PromptFault extends TemplateIssue {
  template: 'system_prompt' | 'input_template';
}

/** The system prompt's note on the answer's form, because not every provider takes it from the request. */
const outputNote = (schema: Record<string, unknown>): string =>
  'Answer only with JSON that validates against this JSON Schema, without any text or code fence ' +
  `around it:\n${JSON.stringify(schema)}`;

/**
 * Renders an agent's two templates. Inserted values are wrapped in the task's fence tags, and the system
 * prompt says that such text is data. `isOver` may end it. An empty input template or result is replaced by
 * the payload as JSON, because no provider accepts an empty message.
 */
export function renderPrompt(
  source: PromptSource,
  now: Date,
  isOver?: () => boolean,
): Prompt | { fault: PromptFault } {
  const { agent, config, task, payload, headers, query } = source;
  const tag = fenceTag(task.id);
  const variables = {
    payload,
    agent: {
      id: new Trusted(agent.id),
      name: new Trusted(config.name),
      description: new Trusted(config.description),
      version: agent.version,
    },
    task: { ...task, id: new Trusted(task.id), created_at: new Trusted(task.created_at) },
    now: new Trusted(now.toISOString()),
    headers,
    query,
  };
  let template: PromptFault['template'] = 'system_prompt';
  try {
    const system = renderTemplate(config.system_prompt, variables, { fence: tag, isOver });
    template = 'input_template';
    const attached: string[] = [];
    const user = renderTemplate(config.input_template, variables, { fence: tag, isOver, attached });
    const { output_schema } = config;
    return {
      // The note on the tag differs in each task, so it comes last: providers cache what precedes it.
      system: [system.trim(), output_schema ? outputNote(output_schema) : '', fenceNote(tag)]
        .filter((part) => part !== '')
        .join('\n\n'),
      user: user.trim() === '' ? fenceText(tag, JSON.stringify(payload)) : user,
      ...(attached.length > 0 && { attach: attached }),
    };
  } catch (error) {
    if (!(error instanceof TemplateRenderError)) throw error;
    return { fault: { template, ...error.issue } };
  }
}
