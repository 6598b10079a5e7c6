import type { AgentConfig, AgentInput, AgentResponse } from '@agenthook/contracts';

const DEFAULTS: AgentResponse = {
  status: 200,
  content_type: 'application/json',
  body: '',
  wait_seconds: 0,
};

/** An answer to senders with the defaults of its missing fields. null for the default answer. */
export const completeResponse = (given: AgentInput['response']): AgentConfig['response'] =>
  given ? { ...DEFAULTS, ...given } : null;
