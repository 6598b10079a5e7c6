import { type AgentConfig, type AgentInput, ConversationConfig } from '@agenthook/contracts';
import { defaultsOf } from './defaults-of.js';

const DEFAULTS = defaultsOf(ConversationConfig);

/** A conversation's settings with the defaults of missing fields. null if every event runs alone. */
export const completeConversation = (given: AgentInput['conversation']): AgentConfig['conversation'] =>
  given ? ({ ...DEFAULTS, ...given } as AgentConfig['conversation']) : null;
