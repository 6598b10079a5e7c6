import { CORE_SCHEMA, load } from 'js-yaml';
import type { AgentConfig } from './agent-config.js';

/** An agent to start from. Its example payload stands in its input schema. */
export interface Template {
  id: TemplateId;
  /** What it does, for who chooses. */
  summary: string;
  /** Who posts to it. */
  sender: string;
  /** What has to be entered or changed before it is of use. */
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

/** The files, held to POST /api/agents by a test. */
const FILES = import.meta.glob<string>('../../../templates/*.yaml', {
  eager: true,
  query: '?raw',
  import: 'default',
});

/** Every template, in the order in which they are offered. */
export const TEMPLATES: readonly Template[] = TEMPLATE_IDS.map((id) => {
  const text = FILES[`../../../templates/${id}.yaml`] ?? '';
  return { id, ...(load(text, { schema: CORE_SCHEMA }) as Omit<Template, 'id'>) };
});

/** A payload that the agent takes, where its input schema has one. */
export const exampleOf = ({ input_schema }: AgentConfig): unknown => {
  const examples = input_schema?.examples;
  return Array.isArray(examples) ? examples[0] : undefined;
};
