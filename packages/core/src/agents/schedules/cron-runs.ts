import type { Cron, Day } from './cron.js';
import { transition, type Zone } from './zone.js';

const DAY_MS = 86_400_000;

/**
 * How far to look for a matching day: the dates and weekdays of the Gregorian calendar repeat every 400
 * years, and the rarest of them, a fifth weekday in a February, comes at least every 40.
 */
const MOST_DAYS = 41 * 366;

/** The instants at which a cron expression matches after `afterMs`, rising; at most `count`. */
export function cronRunsAfter(cron: Cron, zone: Zone, afterMs: number, count: number): number[] {
  const runs: number[] = [];
  // A run in a skipped hour may belong to the day before.
  const first = dayNumber(afterMs + zone(afterMs)) - 1;
  for (let day = first; day < first + MOST_DAYS && runs.length < count; day++) {
    if (!cron.matchesDay(dayOf(day))) continue;
    const known = runs.at(-1) ?? afterMs;
    runs.push(...runsOfDay(cron, zone, day).filter((ms) => ms > known));
  }
  return runs.slice(0, count);
}

/** The last instant at which a cron expression matches up to `untilMs`; undefined if there is none. */
export function lastCronRun(cron: Cron, zone: Zone, untilMs: number): number | undefined {
  const last = dayNumber(untilMs + zone(untilMs));
  for (let day = last; day > last - MOST_DAYS; day--) {
    if (!cron.matchesDay(dayOf(day))) continue;
    const found = runsOfDay(cron, zone, day).findLast((ms) => ms <= untilMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Days since the epoch of a time of the clocks, given as if in UTC. */
const dayNumber = (wallMs: number): number => Math.floor(wallMs / DAY_MS);

function dayOf(number: number): Day {
  const day = new Date(number * DAY_MS);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  return {
    month: month + 1,
    date: day.getUTCDate(),
    weekday: day.getUTCDay(),
    length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
  };
}

/**
 * The instants of one day, rising. Where clocks go forward, a time that does not exist runs as much later as
 * they skip. Where they go back, a time that comes twice runs the first time, or both if every hour matches.
 */
function runsOfDay({ times, everyHour }: Cron, zone: Zone, day: number): number[] {
  const midnight = day * DAY_MS;
  const walls = times.map((seconds) => midnight + seconds * 1000);
  const [earlier, later] = [midnight - DAY_MS, midnight + 2 * DAY_MS];
  const [before, after] = [zone(earlier), zone(later)];
  if (before === after) return walls.map((wall) => wall - before);
  const changes = transition(zone, earlier, later);
  const runs = walls.flatMap((wall) => {
    const isBefore = wall - before < changes;
    const isAfter = wall - after >= changes;
    if (isBefore && isAfter) return everyHour ? [wall - before, wall - after] : [wall - before];
    return [isAfter ? wall - after : wall - before];
  });
  return [...new Set(runs)].sort((a, b) => a - b);
}
