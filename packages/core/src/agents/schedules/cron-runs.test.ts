import { expect, test } from '@jest/globals';
import { CronExpressionParser } from 'cron-parser';
import { Cron as Croner } from 'croner';
import { parseCron } from './cron.js';
import { cronRunsAfter, lastCronRun } from './cron-runs.js';
import { zoneOf } from './zone.js';

const zone = (name: string) => zoneOf(name) ?? (() => Number.NaN);
const runs = (cron: string, timezone: string, after: string, count: number) =>
  cronRunsAfter(parseCron(cron), zone(timezone), Date.parse(after), count).map((ms) =>
    new Date(ms).toISOString(),
  );

/** The same numbers in each run of the test (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function expressions(random: () => number) {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const pick = <T>(...of: T[]): T => of[upTo(of.length - 1)] as T;
  const field = (least: number, most: number) => {
    const a = least + upTo(most - least - 1);
    const b = a + 1 + upTo(most - a - 1);
    return pick('*', `${a}`, `${a}-${b}`, `${a},${b}`, `*/${2 + upTo(3)}`);
  };
  return () => {
    const seconds = pick('', '', `${upTo(59)} `, '*/15 ');
    const date = pick(field(1, 28), field(1, 28), 'L', '31', '29');
    const weekday = pick('*', '*', field(0, 6), 'MON-FRI', '5#2', '2L', '1#5');
    return `${seconds}${field(0, 59)} ${field(0, 23)} ${date} ${field(1, 12)} ${weekday}`;
  };
}

test('without clock changes, expressions run when two kept libraries say', () => {
  const random = randomFrom(58);
  const expression = expressions(random);
  let compared = 0;
  while (compared < 400) {
    const cron = expression();
    const after = new Date(Date.UTC(2024, 0, 1) + Math.floor(random() * 4 * 365 * 86_400_000));
    const theirs = new Croner(cron, { timezone: 'UTC' }).nextRuns(6, after).map((date) => date.getTime());
    if (theirs.length < 6) continue;
    const ours = cronRunsAfter(parseCron(cron), zone('UTC'), after.getTime(), 6);
    expect({ cron, after, runs: ours }).toEqual({ cron, after, runs: theirs });
    const others = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: after }).take(6);
    expect({ cron, after, runs: ours }).toEqual({ cron, after, runs: others.map((date) => date.getTime()) });
    const last = ours.at(-1) ?? 0;
    expect(lastCronRun(parseCron(cron), zone('UTC'), last + 999)).toBe(last);
    expect(lastCronRun(parseCron(cron), zone('UTC'), last - 1)).toBe(ours.at(-2));
    compared++;
  }
});

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Kathmandu'];

test('in zones with clock changes, expressions run when croner says, outside the changed hours', () => {
  const random = randomFrom(59);
  const expression = expressions(random);
  let compared = 0;
  while (compared < 400) {
    const cron = expression();
    const timezone = ZONES[compared % ZONES.length] ?? '';
    const offset = zone(timezone);
    const after = new Date(Date.UTC(2024, 0, 1) + Math.floor(random() * 4 * 365 * 86_400_000));
    const theirs = new Croner(cron, { timezone }).nextRuns(8, after).map((date) => date.getTime());
    // In the day around a change, the two have rules of their own; ours are tested below.
    const isFar = (ms: number) => offset(ms - 86_400_000) === offset(ms + 86_400_000);
    if (theirs.length < 8 || !isFar(after.getTime()) || !theirs.every(isFar)) continue;
    const ours = cronRunsAfter(parseCron(cron), offset, after.getTime(), 8);
    expect({ cron, timezone, after, runs: ours }).toEqual({ cron, timezone, after, runs: theirs });
    compared++;
  }
});

test('a time in a skipped hour runs as much later as the clocks skip, once', () => {
  expect(runs('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
    '2026-03-29T01:30:00.000Z', // 03:30, because 02:30 does not exist
    '2026-03-30T00:30:00.000Z',
  ]);
  expect(runs('0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
    '2026-03-29T01:00:00.000Z',
    '2026-03-30T00:00:00.000Z',
  ]);
  expect(runs('0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00:00Z', 2)).toEqual([
    '2026-04-23T22:00:00.000Z', // 01:00, because midnight does not exist
    '2026-04-24T21:00:00.000Z',
  ]);
  expect(runs('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00Z', 2)).toEqual([
    '2026-10-03T15:45:00.000Z', // 02:45: this zone skips half an hour
    '2026-10-04T15:15:00.000Z',
  ]);
});

test('a time in a repeated hour runs the first time, or both if every hour matches', () => {
  expect(runs('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-26T01:30:00.000Z',
  ]);
  expect(runs('30 * * * *', 'Europe/Berlin', '2026-10-24T23:45:00Z', 3)).toEqual([
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-10-25T02:30:00.000Z',
  ]);
  expect(runs('0 0 * * *', 'America/Havana', '2026-10-31T12:00:00Z', 2)).toEqual([
    '2026-11-01T04:00:00.000Z',
    '2026-11-02T05:00:00.000Z',
  ]);
});

test('every run of a year comes once and in order, in zones of the whole database', () => {
  const from = Date.UTC(2026, 0, 1);
  const names = Intl.supportedValuesOf('timeZone').filter((_, index) => index % 7 === 0);
  for (const name of names) {
    const found = cronRunsAfter(parseCron('30 0,2,23 * * *'), zone(name), from, 1096);
    expect({ name, sorted: [...new Set(found)].sort((a, b) => a - b) }).toEqual({ name, sorted: found });
    const span = ((found.at(-1) ?? 0) - (found[0] ?? 0)) / 86_400_000;
    expect({ name, isYear: Math.abs(span - 365) < 1.1 }).toEqual({ name, isYear: true });
  }
});

test('29 February runs, also across 2100; 30 February never does', () => {
  expect(runs('0 0 29 2 *', 'UTC', '2096-03-01T00:00:00Z', 1)).toEqual(['2104-02-29T00:00:00.000Z']);
  expect(runs('0 0 31 4,6,9,11 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual([]);
  expect(() => parseCron('0 0 30 2 *')).toThrow('day of month');
});
