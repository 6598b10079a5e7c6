import type { AgentConfig, Schedule, ScheduleOutcome } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { type RowKind, readRow, timeOf } from '../../redis/stored-row.js';
import { dueAfter, timingOf } from './due-times.js';

/**
 * Where a schedule is. Stored as JSON beside its agent, and changed only by comparing the whole text, so that
 * of two processes one changes it.
 */
export interface StoredSchedule {
  /** What the due times were computed from (timingOf). */
  timing: string;
  /** The next due time that nothing is decided about yet; null if there is none. In ms, as all times here. */
  due: number | null;
  /** Due times that wait for the end of the last run, in order. */
  waiting: number[];
  /** The task of the last run, until its end is noted. */
  open: string | null;
  last: { task: string; due: number } | null;
  outcome: { outcome: ScheduleOutcome; due: number; detail?: string } | null;
  /** How many runs in a row have failed. */
  failures: number;
  paused: { at: number; reason: string } | null;
}

export const SCHEDULE: RowKind<StoredSchedule> = {
  name: 'schedule',
  fields: {
    timing: 'string',
    due: 'time?',
    waiting: 'array',
    open: 'string?',
    last: 'object?',
    outcome: 'object?',
    failures: 'number',
    paused: 'object?',
  },
};

/** The state of a schedule; undefined if it cannot be read. */
export function readState(ctx: Context, member: string, json: string): StoredSchedule | undefined {
  const state = readRow(ctx, SCHEDULE, json, member);
  const times = [state?.last?.due, state?.outcome?.due, state?.paused?.at, ...(state?.waiting ?? [])];
  return times.every((ms) => ms === undefined || timeOf(ms) !== undefined) ? state : undefined;
}

/** A change of a schedule, for save-version.lua. Empty texts stand for nothing. */
export interface ScheduleChange {
  id: string;
  /** The stored state that the change was computed from. */
  known: string;
  /** The new state; empty if the schedule is removed. */
  state: string;
  /** When a worker must look at it, in ms. */
  score: string;
}

/** The schedule of an agent as a member of the set of all due times. */
export const memberOf = (agentId: string, scheduleId: string): string => `${agentId}:${scheduleId}`;

/** The agent and the schedule of a member. */
export function partsOf(member: string): { agentId: string; scheduleId: string } {
  const [agentId = '', scheduleId = ''] = member.split(':');
  return { agentId, scheduleId };
}

/** How long after a look at a schedule whose run has not ended comes the next, in ms. The end comes first. */
const LOOK_AGAIN_MS = 30_000;

/** When a worker must look at a schedule next; undefined for never. */
export function lookAt({ paused, waiting, open, due }: StoredSchedule, nowMs: number): number | undefined {
  if (paused) return undefined;
  if (waiting.length === 0) return due ?? undefined;
  return open === null ? nowMs : Math.min(due ?? Number.POSITIVE_INFINITY, nowMs + LOOK_AGAIN_MS);
}

/** A schedule that nothing is known of. */
const FRESH = { waiting: [], open: null, last: null, outcome: null, failures: 0, paused: null };

/** What saving a configuration does to an agent's schedules. Redis's time is `nowMs`. */
export async function changesOfSchedules(
  ctx: Context,
  agentId: string,
  config: AgentConfig,
  before: AgentConfig | undefined,
  nowMs: number,
): Promise<ScheduleChange[]> {
  const { schedules = [] } = config;
  if (schedules.length === 0 && !before?.schedules?.length) return [];
  const stored = before ? await ctx.redis.hgetall(keys.agentSchedules(agentId)) : {};
  const kept = schedules.map((schedule): ScheduleChange => {
    const known = stored[schedule.id] ?? '';
    const didRun =
      before !== undefined &&
      runs(
        before,
        before.schedules?.find(({ id }) => id === schedule.id),
      );
    const state = savedState(
      schedule,
      known === '' ? undefined : readState(ctx, memberOf(agentId, schedule.id), known),
      { didRun, runs: runs(config, schedule), nowMs },
    );
    const score = lookAt(state, nowMs);
    return { id: schedule.id, known, state: JSON.stringify(state), score: score?.toString() ?? '' };
  });
  const removed = Object.entries(stored)
    .filter(([id]) => !schedules.some((schedule) => schedule.id === id))
    .map(([id, known]) => ({ id, known, state: '', score: '' }));
  return [...kept, ...removed];
}

const runs = ({ status }: AgentConfig, schedule: Schedule | undefined): boolean =>
  status === 'active' && schedule?.enabled === true;

/** A schedule that runs on keeps its place. Any other begins at `nowMs`, so that nothing counts as missed. */
function savedState(
  schedule: Schedule,
  stored: StoredSchedule | undefined,
  { didRun, runs, nowMs }: { didRun: boolean; runs: boolean; nowMs: number },
): StoredSchedule {
  const timing = timingOf(schedule);
  if (stored && didRun && runs && stored.timing === timing && !stored.paused) return stored;
  const due = runs ? (dueAfter(schedule, nowMs, nowMs, 1)[0] ?? null) : null;
  const { open, last, outcome } = stored ?? FRESH;
  return { ...FRESH, timing, due, open, last, outcome };
}

/**
 * A schedule whose state cannot be read, as it goes on at `nowMs`: with its next due time. What was missed
 * does not run, because nobody knows what has run.
 */
export const restarted = (schedule: Schedule, nowMs: number): StoredSchedule => ({
  ...FRESH,
  timing: timingOf(schedule),
  due: dueAfter(schedule, nowMs, nowMs, 1)[0] ?? null,
});

/** A schedule that was paused, as it goes on at `nowMs`. */
export const resumed = (schedule: Schedule, stored: StoredSchedule, nowMs: number): StoredSchedule => ({
  ...stored,
  due: dueAfter(schedule, nowMs, nowMs, 1)[0] ?? null,
  waiting: [],
  failures: 0,
  paused: null,
});
