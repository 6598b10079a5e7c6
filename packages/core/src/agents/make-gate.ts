import { type AgentConfig, type Breaker, type ConversationConfig, maskSetOf } from '@agenthook/contracts';
import { storedView } from '../access/public-result.js';
import type { StoredRetention } from '../queue/job.js';
import type { AgentGate } from './agent-hash.js';
import { setLimits } from './complete-budget.js';

/** What intake reads of a configuration with encrypted secrets. */
export function makeGate(config: AgentConfig, version: number): AgentGate {
  const masks = maskSetOf(config.masks);
  return {
    status: config.status,
    version,
    max_attempts: config.limits.max_attempts,
    max_pending: config.limits.max_pending,
    ...(config.limits.rate_per_minute !== null ? { rate_per_minute: config.limits.rate_per_minute } : {}),
    ...(config.input_schema ? { has_input_schema: true } : {}),
    ...(config.filter ? { filter: config.filter } : {}),
    ...(config.ignore_senders?.length ? { ignore_senders: config.ignore_senders } : {}),
    ...(config.budget ? { budget: setLimits(config.budget) } : {}),
    ...retentionOf(config),
    ...(masks ? { masks } : {}),
    ...(config.breaker ? { breaker: breakerOf(config.breaker) } : {}),
    ...(config.burst ? { burst: config.burst } : {}),
    ...(config.conversation ? { conversation: entryOf(config.conversation) } : {}),
    ...(config.allow_get ? { allow_get: true } : {}),
    ...(config.allow_empty_body ? { allow_empty_body: true } : {}),
    ...(config.title_path ? { title_path: config.title_path } : {}),
    ...storedView(config),
    ...(config.response ? { response: config.response } : {}),
    ...(config.signature ? { signature: config.signature } : {}),
  };
}

/** What differs from the default of an agent's retention. */
function retentionOf({ retention }: AgentConfig): Pick<AgentGate, 'retention'> {
  const kept: StoredRetention = {
    ...(retention?.days && { days: retention.days }),
    ...(retention && retention.store !== 'full' && { store: retention.store }),
  };
  return Object.keys(kept).length > 0 ? { retention: kept } : {};
}

const entryOf = ({
  key,
  ttl_seconds,
  when_busy,
}: ConversationConfig): NonNullable<AgentGate['conversation']> => ({ key, ttl_seconds, when_busy });

const breakerOf = ({ key, max_per_minute }: Breaker): NonNullable<AgentGate['breaker']> =>
  key ? { key, max_per_minute } : { max_per_minute };
