import { type AgentConfig, type AgentInput, AgentResponse } from '@agenthook/contracts';
import { defaultsOf } from './defaults-of.js';

const DEFAULTS = defaultsOf(AgentResponse) as AgentResponse;

/** An answer to senders with the defaults of its missing fields. null for the default answer. */
export const completeResponse = (given: AgentInput['response']): AgentConfig['response'] =>
  given ? { ...DEFAULTS, ...given } : null;
