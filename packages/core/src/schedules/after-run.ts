import { FAILURES_TO_PAUSE, type TaskError, type TaskState } from '@agenthook/contracts';
import type { StoredSchedule } from '../agents/schedules/schedule-store.js';

/** How a run ended: its failure code if it failed. */
export interface RunEnd {
  code: string | null;
}

/** How a task ended; undefined while it has not. A task that has expired says nothing about its schedule. */
export function endOf(task: TaskState | undefined): RunEnd | 'expired' | undefined {
  if (!task) return 'expired';
  if (task.finished_at === null) return undefined;
  const { result } = task;
  return { code: result && 'error' in result ? (result.error as TaskError).code : null };
}

/** A schedule after the end of its last run. What a person cancelled is no failure of the schedule. */
export function afterEnd(state: StoredSchedule, end: RunEnd | 'expired', nowMs: number): StoredSchedule {
  const ended = { ...state, open: null };
  if (end === 'expired' || end.code === 'cancelled') return ended;
  if (end.code === null) return { ...ended, failures: 0 };
  return afterFailure(ended, end.code, nowMs);
}

/** A schedule after one more failure. Enough of them pause it. */
export function afterFailure(state: StoredSchedule, code: string, nowMs: number): StoredSchedule {
  const failures = state.failures + 1;
  if (failures < FAILURES_TO_PAUSE || state.paused) return { ...state, failures };
  const reason = `${failures} runs in a row have failed, the last with ${code}.`;
  return { ...state, failures, paused: { at: nowMs, reason } };
}
