import { MAX_WAITING_RUNS, ON_TIME_SECONDS, type Schedule, type ScheduleOutcome } from '@agenthook/contracts';
import { dueAfter, lastDue } from '../agents/schedules/due-times.js';
import type { StoredSchedule } from '../agents/schedules/schedule-store.js';

/** What is to do about a schedule: the due time to run, if any, and the state afterwards. */
export interface Decision {
  run: number | undefined;
  state: StoredSchedule;
}

/**
 * Decides about the oldest due time of a schedule. A run that begins up to ON_TIME_SECONDS late, and before
 * the next is due, is on time; any other was missed, and `catch_up` says what happens. A run that is due
 * while the last one has not ended (`open`) is treated as `overlap` says.
 */
export function decide(schedule: Schedule, state: StoredSchedule, nowMs: number): Decision {
  const { due, waiting, open } = state;
  if (open === null && waiting.length > 0)
    return { run: waiting[0], state: { ...state, waiting: waiting.slice(1) } };
  if (due === null) return { run: undefined, state };
  if (due > nowMs) return { run: undefined, state: { ...state, due: inReach(schedule, due, nowMs) } };

  const next = nextAfter(schedule, due);
  const isMissed = nowMs - due > ON_TIME_SECONDS * 1000 || (next !== null && next <= nowMs);
  if (!isMissed) return serve(schedule, { ...state, due: next }, due);
  const latest = lastDue(schedule, due, nowMs);
  const moved = { ...state, due: nextAfter(schedule, latest) };
  if (schedule.catch_up === 'once') return serve(schedule, moved, latest);
  return { run: undefined, state: without(moved, latest, 'missed', 'no worker ran at that time') };
}

const nextAfter = (schedule: Schedule, dueMs: number): number | null =>
  schedule.at === undefined ? (dueAfter(schedule, dueMs, dueMs, 1)[0] ?? null) : null;

/**
 * A due time that is not later than the next one from now on: Redis's clock may have been set back since it
 * was computed. A due time that has had its run gets no second one, because a run's task id is made of it.
 */
function inReach(schedule: Schedule, due: number, nowMs: number): number {
  const { at, every_seconds } = schedule;
  if (at !== undefined) return due;
  if (every_seconds !== undefined) return Math.min(due, nowMs + every_seconds * 1000);
  return Math.min(due, nextAfter(schedule, nowMs) ?? due);
}

function serve({ overlap }: Schedule, state: StoredSchedule, due: number): Decision {
  if (state.open === null) return { run: due, state };
  if (overlap === 'skip')
    return { run: undefined, state: without(state, due, 'skipped', 'the last run had not ended') };
  if (state.waiting.length < MAX_WAITING_RUNS)
    return { run: undefined, state: { ...state, waiting: [...state.waiting, due] } };
  return { run: undefined, state: without(state, due, 'skipped', `${MAX_WAITING_RUNS} runs were waiting`) };
}

const without = (
  state: StoredSchedule,
  due: number,
  outcome: ScheduleOutcome,
  detail: string,
): StoredSchedule => ({ ...state, outcome: { outcome, due, detail } });
