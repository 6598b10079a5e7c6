import { formatInZone, formatSpan } from '../../../../components/format.js';
import type { Agent } from '../draft/draft.js';

export type Schedule = Agent['schedules'][number];

export const MAX_SCHEDULES = 20;

/** The field that says when a schedule runs. */
export type Kind = 'cron' | 'every_seconds' | 'at';

export const kindOf = ({ every_seconds, at }: Schedule): Kind => {
  if (every_seconds !== undefined) return 'every_seconds';
  return at === undefined ? 'cron' : 'at';
};

const FRESH = {
  timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  payload: {},
  overlap: 'skip',
  catch_up: 'once',
  enabled: true,
} as const;

/** A schedule for weekday mornings where the viewer is, with an id that no other has. */
export function newSchedule(others: readonly Schedule[]): Schedule {
  const taken = new Set(others.map(({ id }) => id));
  let number = others.length + 1;
  while (taken.has(`schedule-${number}`)) number++;
  return { ...FRESH, id: `schedule-${number}`, cron: '0 9 * * MON-FRI' };
}

/** The schedule with another kind of time, and a first value of that kind. */
export function withKind({ cron: _c, every_seconds: _e, at: _a, ...rest }: Schedule, kind: Kind): Schedule {
  switch (kind) {
    case 'cron':
      return { ...rest, cron: '0 9 * * MON-FRI' };
    case 'every_seconds':
      return { ...rest, every_seconds: 3600 };
    case 'at': {
      const tomorrow = new Date(Date.now() + 86_400_000);
      return { ...rest, at: `${tomorrow.toISOString().slice(0, 10)}T09:00:00` };
    }
  }
}

/** A schedule in a few words: `0 9 * * MON-FRI, Europe/Berlin`, `every 5 min`, `once at 31 Jan 2027, …`. */
export function summaryOf({
  cron,
  every_seconds,
  at,
  timezone,
}: Pick<Schedule, 'cron' | 'every_seconds' | 'at' | 'timezone'>): string {
  if (every_seconds !== undefined) return `every ${formatSpan(every_seconds * 1000)}`;
  if (cron !== undefined) return `${cron}, ${timezone}`;
  if (at === undefined) return '';
  // Without an offset, it is the time in the schedule's zone already.
  const isLocal = !/(?:Z|[+-]\d\d:?\d\d)$/i.test(at);
  const time = new Date(at);
  if (isLocal || Number.isNaN(time.getTime())) return `once at ${at.replace('T', ' ')}, ${timezone}`;
  return `once at ${formatInZone(time, timezone)}`;
}
