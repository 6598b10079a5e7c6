import { NO_SENDER, type TaskStatusName, type TaskSummary, type TaskTrigger } from '@agenthook/contracts';

/** Which tasks to list. Times are in ms since the epoch; `toMs` is exclusive. */
export interface TaskFilter {
  agentId?: string | undefined;
  statuses?: readonly TaskStatusName[] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  /** The beginning of an id, or a complete idempotency key. */
  text?: string | undefined;
  errorCodes?: readonly string[] | undefined;
  triggers?: readonly TaskTrigger[] | undefined;
  /** Schemes of signatures, or NO_SENDER. */
  senders?: readonly string[] | undefined;
  version?: number | undefined;
  model?: string | undefined;
  minDurationMs?: number | undefined;
  maxDurationMs?: number | undefined;
  minCostUsd?: number | undefined;
  maxCostUsd?: number | undefined;
  conversationId?: string | undefined;
  /** Words that payload, answer or error must have. */
  words?: readonly string[] | undefined;
}

/** Whether the index alone, or the look-up of a text, finds what the filter wants. */
export const isIndexed = (filter: TaskFilter): boolean =>
  !filter.errorCodes?.length &&
  !filter.triggers?.length &&
  !filter.senders?.length &&
  !filter.words?.length &&
  filter.version === undefined &&
  filter.model === undefined &&
  filter.minDurationMs === undefined &&
  filter.maxDurationMs === undefined &&
  filter.minCostUsd === undefined &&
  filter.maxCostUsd === undefined &&
  filter.conversationId === undefined;

/** Whether a task has everything that a filter wants, apart from the words of its texts. */
export function fitsFilter(task: TaskSummary, filter: TaskFilter): boolean {
  const made = Date.parse(task.created_at);
  return (
    isOrAny(task.agent_id, filter.agentId) &&
    isAmong(task.status, filter.statuses) &&
    made >= (filter.fromMs ?? 0) &&
    made < (filter.toMs ?? Number.POSITIVE_INFINITY) &&
    isAmong(task.error_code, filter.errorCodes) &&
    isAmong(task.trigger, filter.triggers) &&
    isAmong(task.sender ?? NO_SENDER, filter.senders) &&
    isOrAny(task.agent_version, filter.version) &&
    isOrAny(task.model, filter.model) &&
    isOrAny(task.conversation_id, filter.conversationId) &&
    isBetween(task.duration_ms, filter.minDurationMs, filter.maxDurationMs) &&
    isBetween(task.cost_usd, filter.minCostUsd, filter.maxCostUsd)
  );
}

const isOrAny = <Value>(value: Value, wanted: Value | undefined): boolean =>
  wanted === undefined || value === wanted;

const isAmong = (value: string | null, wanted: readonly string[] | undefined): boolean =>
  !wanted?.length || (value !== null && wanted.includes(value));

/** An unknown number is between no bounds. */
const isBetween = (value: number | null, least: number | undefined, most: number | undefined): boolean =>
  (least === undefined && most === undefined) ||
  (value !== null && value >= (least ?? 0) && value <= (most ?? Number.POSITIVE_INFINITY));
