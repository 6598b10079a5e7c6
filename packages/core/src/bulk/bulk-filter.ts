import type { DeliveryStatus, ErrorCode } from '@agenthook/contracts';
import type { Shelf } from '../intake/rejection-store.js';
import type { TaskFilter } from '../tasks/list/fits-filter.js';

/** Which rejections or filtered events of one agent, or of all, to run. Times are in ms since the epoch. */
export interface RejectionFilter {
  agentId?: string | undefined;
  shelf: Shelf;
  code?: ErrorCode | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** Which callback deliveries of one agent, or of all, to resend. Times are in ms since the epoch. */
export interface DeliveryFilter {
  agentId?: string | undefined;
  statuses?: readonly DeliveryStatus[] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** Which items a bulk job handles. */
export type BulkFilter =
  | { of: 'tasks'; tasks: TaskFilter }
  | { of: 'rejections'; rejections: RejectionFilter }
  | { of: 'deliveries'; deliveries: DeliveryFilter };

/** Whether a time is in the range of a filter. */
export const isBetween = (
  ms: number,
  { fromMs = 0, toMs = Number.POSITIVE_INFINITY }: { fromMs?: number | undefined; toMs?: number | undefined },
): boolean => ms >= fromMs && ms < toMs;
