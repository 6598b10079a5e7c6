import { CORE_SCHEMA, load } from 'js-yaml';
import type { AgentConfig } from './agent-config.js';

/** An agent to start from. Its input schema contains its example payload. */
export interface Template {
  id: TemplateId;
  /** What it does, to help people choose. */
  summary: string;
  /** The sender that posts to it. */
  sender: string;
  /** What to enter or change before it is useful. */
  fill_in: string[];
  agent: AgentConfig;
}

const TEMPLATE_IDS = [
  'ticket-triage',
  'form-to-crm',
  'github-issue-labeller',
  'incident-summary',
  'content-moderation',
] as const;
export type TemplateId = (typeof TEMPLATE_IDS)[number];

/** The template files. A test posts each to POST /api/agents. */
const FILES = import.meta.glob<string>('../../../templates/*.yaml', {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Every template, in display order. */
export const TEMPLATES: readonly Template[] = TEMPLATE_IDS.map((id) => {
  const text = FILES[`../../../templates/${id}.yaml`] ?? '';
  return { id, ...(load(text, { schema: CORE_SCHEMA }) as Omit<Template, 'id'>) };
});

/** A payload that the agent accepts, if its input schema contains one. */
export const exampleOf = ({ input_schema }: AgentConfig): unknown => {
  const examples = input_schema?.examples;
  return Array.isArray(examples) ? examples[0] : undefined;
};
