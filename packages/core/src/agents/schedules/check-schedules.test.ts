import type { Schedule } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { AppError } from '../../errors.js';
import { checkSchedules } from './check-schedules.js';
import { completeSchedules } from './complete-schedules.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');

/** What is wrong with schedules; undefined if they are accepted. */
function faultsOf(given: Record<string, unknown>[], saved: Schedule[] = []): string[] | undefined {
  try {
    checkSchedules({ schedules: completeSchedules(given as unknown as Schedule[]) }, saved, NOW);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    const { code, issues = [], message } = error as AppError;
    expect(code).toBe('invalid_schedule');
    expect(message).toContain(issues[0]?.message ?? '?');
    return issues.map(({ path, message }) => `${path} ${message}`);
  }
}

test.each([
  [{ cron: '0 9 * * *' }],
  [{ cron: '*/10 * * * * *', timezone: 'Asia/Kathmandu' }],
  [{ cron: '@daily' }],
  [{ cron: '0 0 29 2 *' }],
  [{ cron: '0 0 L * 5#2' }],
  [{ every_seconds: 10 }],
  [{ at: '2026-11-29T12:00:01Z' }],
  [{ at: '2026-11-29T13:30:00+01:00' }],
  [{ at: '2026-11-29T13:30:00', timezone: 'Europe/Berlin' }],
])('%j is accepted', (schedule) => {
  expect(faultsOf([{ id: 'a', ...schedule }])).toBeUndefined();
});

test.each([
  [{}, 'needs one of cron, every_seconds and at; it has none'],
  [{ cron: '@daily', every_seconds: 60 }, 'it has 2'],
  [{ cron: '0 0 30 2 *' }, '/schedules/0/cron never runs: no date matches "0 0 30 2 *"'],
  [{ cron: '0 0 31 4,6,9,11 *' }, 'never runs'],
  [{ cron: '* * * * * *' }, 'runs 1 s after the run before; 10 s is the least'],
  [{ cron: '0,5 0 0 1 1 *' }, 'runs 5 s after'],
  [{ cron: '0,55 * * * * *' }, 'runs 5 s after'],
  [{ cron: '0,58 0,59 0,23 * * *' }, 'runs 2 s after'],
  [{ cron: 'every day' }, 'is no cron expression: "every day"'],
  [{ cron: '0 25 * * *' }, 'is no cron expression'],
  [{ cron: 'H H * * *' }, 'H is not supported'],
  [{ cron: '0 0 * *' }, 'it needs five fields'],
  [{ cron: '0 0 1 1 * 1 2027' }, 'it needs five fields'],
  [{ cron: '@never' }, 'is no cron expression'],
  [
    { cron: '@daily', timezone: 'Mars/Phobos' },
    '/schedules/0/timezone is no time zone of the IANA database: "Mars/Phobos"',
  ],
  [{ cron: '@daily', timezone: 'local' }, 'is no time zone'],
  [{ at: '2026-11-29T11:59:59Z' }, '/schedules/0/at is in the past: it is 2026-11-29T12:00:00.000Z now'],
  [{ at: '2026-11-29T12:30:00', timezone: 'Europe/Berlin' }, 'is in the past'],
  [{ at: 'tomorrow' }, 'must be a time such as'],
  [{ at: '2026-13-01T00:00:00Z' }, 'must be a time such as'],
])('%j is refused, with the reason', (schedule, reason) => {
  const faults = faultsOf([{ id: 'a', ...schedule }]) ?? [];
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(reason);
});

test('the id of another schedule is refused', () => {
  const twice = [
    { id: 'a', every_seconds: 60 },
    { id: 'a', cron: '@daily' },
  ];
  expect(faultsOf(twice)).toEqual(['/schedules/1/id is the id of an earlier schedule']);
});

test('a time that has passed stays where it is saved, but is not enabled again', () => {
  const [passed] = completeSchedules([{ id: 'a', at: '2026-11-29T11:00:00Z' }]);
  const saved = [passed as Schedule];
  expect(faultsOf([{ ...passed, payload: { new: true } }], saved)).toBeUndefined();
  expect(faultsOf([{ ...passed, at: '2026-11-29T10:00:00Z' }], saved)).toHaveLength(1);
  expect(faultsOf([{ ...passed }], [{ ...(passed as Schedule), enabled: false }])).toHaveLength(1);
});

test('a time zone that is not known any more stays where it is saved, and nothing else about it changes', () => {
  const [gone] = completeSchedules([{ id: 'a', cron: '0 9 * * *', timezone: 'Mars/Phobos' }]);
  const saved = [gone as Schedule];
  expect(faultsOf([{ ...gone, payload: { new: true } }], saved)).toBeUndefined();
  expect(faultsOf([{ ...gone, cron: '0 8 * * *' }], saved)).toHaveLength(1);
  expect(faultsOf([{ ...gone }], [{ ...(gone as Schedule), enabled: false }])).toHaveLength(1);
});
