import {
  type AgentConfig,
  MIN_SCHEDULE_SECONDS,
  type ProblemIssue,
  type Schedule,
} from '@agenthook/contracts';
import { AppError } from '../../errors.js';
import { parseCron } from './cron.js';
import { cronRunsAfter } from './cron-runs.js';
import { shortestGap, timingOf } from './due-times.js';
import { instantOf, zoneOf } from './zone.js';

/**
 * Checks that each schedule runs, and not too often. Throws `invalid_schedule`. A time that has passed, and a
 * time zone that this machine does not know, are accepted where they are saved already, so that an agent can
 * be changed after its schedule has run, and after the machine's time zones have changed.
 *
 * @param nowMs Redis's time
 */
export function checkSchedules(
  { schedules = [] }: Pick<AgentConfig, 'schedules'>,
  saved: readonly Schedule[],
  nowMs: number,
): void {
  const issues = schedules.flatMap((schedule, index): (ProblemIssue & { id: string })[] => {
    const { id } = schedule;
    const path = `/schedules/${index}`;
    if (schedules.findIndex((other) => other.id === id) !== index)
      return [{ id, path: `${path}/id`, message: 'is the id of an earlier schedule' }];
    const fault = faultOf(schedule, nowMs);
    if (!fault || (fault.mayBeSaved && isSaved(schedule, saved))) return [];
    return [{ id, path: `${path}${fault.at}`, message: fault.message }];
  });
  const [first] = issues;
  if (!first) return;
  const detail = `The schedule "${first.id}" is not valid: ${first.path} ${first.message}.`;
  throw new AppError('invalid_schedule', detail, {
    issues: issues.map(({ path, message }) => ({ path, message })),
  });
}

const isSaved = (schedule: Schedule, saved: readonly Schedule[]): boolean =>
  saved.some(
    ({ enabled, ...other }) =>
      other.id === schedule.id &&
      timingOf({ ...other }) === timingOf(schedule) &&
      (enabled || !schedule.enabled),
  );

interface Fault {
  at: string;
  message: string;
  /** Whether it was right when the schedule was saved. */
  mayBeSaved?: true;
}

function faultOf(schedule: Schedule, nowMs: number): Fault | undefined {
  const { cron, every_seconds, at, timezone } = schedule;
  const kinds = [cron, every_seconds, at].filter((kind) => kind !== undefined).length;
  if (kinds !== 1)
    return {
      at: '',
      message: `needs one of cron, every_seconds and at; it has ${kinds === 0 ? 'none' : kinds}`,
    };
  const zone = zoneOf(timezone);
  if (!zone)
    return {
      at: '/timezone',
      message: `is no time zone of the IANA database: ${JSON.stringify(timezone)}`,
      mayBeSaved: true,
    };
  if (cron !== undefined) {
    const message = faultOfCron(cron, (parsed) => cronRunsAfter(parsed, zone, nowMs, 1).length > 0);
    return message === undefined ? undefined : { at: '/cron', message };
  }
  if (at === undefined) return undefined;
  const due = instantOf(at, timezone);
  if (due === undefined)
    return { at: '/at', message: 'must be a time such as 2027-01-31T09:00:00Z, or one without an offset' };
  if (due > nowMs) return undefined;
  return {
    at: '/at',
    message: `is in the past: it is ${new Date(nowMs).toISOString()} now`,
    mayBeSaved: true,
  };
}

function faultOfCron(cron: string, everRuns: (parsed: ReturnType<typeof parseCron>) => boolean) {
  let parsed: ReturnType<typeof parseCron>;
  try {
    parsed = parseCron(cron);
  } catch (error) {
    const reason = (error as Error).message;
    // The parser knows the lengths of months.
    if (reason.includes('explicit day of month')) return NEVER(cron);
    return `is no cron expression: ${JSON.stringify(cron)}: ${reason.slice(0, 200)}`;
  }
  if (!everRuns(parsed)) return NEVER(cron);
  const gap = shortestGap(parsed);
  return gap < MIN_SCHEDULE_SECONDS
    ? `runs ${gap} s after the run before; ${MIN_SCHEDULE_SECONDS} s is the least`
    : undefined;
}

const NEVER = (cron: string): string => `never runs: no date matches ${JSON.stringify(cron)}`;
