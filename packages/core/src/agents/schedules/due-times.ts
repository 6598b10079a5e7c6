import type { Schedule } from '@agenthook/contracts';
import { type Cron, parseCron } from './cron.js';
import { cronRunsAfter, lastCronRun } from './cron-runs.js';
import { instantOf, type Zone, zoneOf } from './zone.js';

type Timing = Pick<Schedule, 'cron' | 'every_seconds' | 'at' | 'timezone'>;

/** The parts of a schedule that decide when it is due, as one text. */
export const timingOf = ({ cron, every_seconds, at, timezone }: Timing): string =>
  JSON.stringify([cron ?? null, every_seconds ?? null, at ?? null, timezone]);

/**
 * When a schedule that passed its checks is due after `afterMs`, rising; at most `count` times.
 *
 * @param anchorMs a due time of a schedule with `every_seconds`, or when it was saved
 */
export function dueAfter(schedule: Timing, anchorMs: number, afterMs: number, count: number): number[] {
  const { cron, every_seconds, at, timezone } = schedule;
  if (cron !== undefined) return cronRunsAfter(parseCron(cron), knownZone(timezone), afterMs, count);
  if (every_seconds !== undefined) {
    const step = every_seconds * 1000;
    const first = anchorMs + (Math.floor((afterMs - anchorMs) / step) + 1) * step;
    return Array.from({ length: count }, (_, n) => first + n * step);
  }
  const once = instantOf(at ?? '', timezone);
  return once !== undefined && once > afterMs ? [once] : [];
}

/** The last time up to `untilMs` that a schedule was due, given one that it was. */
export function lastDue(schedule: Timing, dueMs: number, untilMs: number): number {
  const { cron, every_seconds, timezone } = schedule;
  if (cron !== undefined)
    return Math.max(dueMs, lastCronRun(parseCron(cron), knownZone(timezone), untilMs) ?? dueMs);
  if (every_seconds === undefined) return dueMs;
  const step = every_seconds * 1000;
  return dueMs + Math.floor((untilMs - dueMs) / step) * step;
}

const UTC: Zone = () => 0;

/** A zone that this machine does not know, although another one did when the schedule was saved, is UTC. */
const knownZone = (name: string): Zone => zoneOf(name) ?? UTC;

/** The shortest time between two runs on the same day, or across midnight, in seconds. */
export function shortestGap({ times }: Cron): number {
  const day = 86_400;
  let shortest = day - (times.at(-1) ?? 0) + (times[0] ?? 0);
  for (let n = 1; n < times.length; n++) shortest = Math.min(shortest, (times[n] ?? 0) - (times[n - 1] ?? 0));
  return shortest;
}
