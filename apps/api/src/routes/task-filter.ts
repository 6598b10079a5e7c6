import type { TaskFilterQuery } from '@agenthook/contracts';
import { AppError, type Caller, searchWords, type TaskFilter } from '@agenthook/core';
import { msOf } from './time.js';

/**
 * The tasks that query parameters choose. Throws `invalid_request` for a time that is none, and `forbidden`
 * for a search in texts by a key that may not see them: what it finds would tell what they say.
 */
export function taskFilterOf(query: TaskFilterQuery, caller: Caller | undefined): TaskFilter {
  if (query.text !== undefined && !caller?.see_payloads)
    throw new AppError('forbidden', 'Your key may not see payloads, so it cannot search them.');
  return {
    agentId: query.agent_id,
    statuses: [...new Set(query.status)],
    fromMs: msOf('from', query.from),
    toMs: msOf('to', query.to),
    text: query.q,
    errorCodes: query.error_code,
    triggers: query.trigger,
    senders: query.sender,
    version: query.agent_version,
    model: query.model,
    minDurationMs: query.min_duration_ms,
    maxDurationMs: query.max_duration_ms,
    minCostUsd: query.min_cost_usd,
    maxCostUsd: query.max_cost_usd,
    conversationId: query.conversation_id,
    words: query.text === undefined ? undefined : searchWords(query.text),
  };
}
