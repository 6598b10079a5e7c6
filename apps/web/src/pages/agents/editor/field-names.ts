import type { Agent } from './draft/draft.js';

/** The labels of an agent's fields. */
const NAMES: Partial<Record<keyof Agent, string>> = {
  name: 'Name',
  description: 'Description',
  status: 'Status',
  tags: 'Tags',
  model: 'Model',
  fallback_models: 'Fallback models',
  model_options: 'Model options',
  system_prompt: 'System prompt',
  input_template: 'Input template',
  tools: 'Tools',
  input_schema: 'Input schema',
  output_schema: 'Output schema',
  filter: 'Filter',
  ignore_senders: 'Ignored senders',
  breaker: 'Breaker',
  conversation: 'Conversation',
  burst: 'Burst',
  limits: 'Limits',
  budget: 'Budget',
  retention: 'Retention',
  masks: 'Masks',
  allow_get: 'GET requests',
  allow_empty_body: 'POST without a body',
  title_path: 'Title of a run',
  sandbox_tools: 'Sandbox tools',
  public_result: 'Visible without a key',
  result_shape: 'Form of the result',
  response: 'Answer to senders',
  schedules: 'Schedules',
  destinations: 'Destinations',
  signature: 'Signature',
  callback: 'Callback',
};

export const nameOfField = (field: keyof Agent): string => NAMES[field] ?? field;
