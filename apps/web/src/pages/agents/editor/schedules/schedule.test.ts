import { expect, test } from '@jest/globals';
import { summaryOf } from './schedule.js';

test.each([
  [{ cron: '0 9 * * MON-FRI', timezone: 'Europe/Berlin' }, '0 9 * * MON-FRI, Europe/Berlin'],
  [{ every_seconds: 300, timezone: 'UTC' }, 'every 5 min'],
  [{ every_seconds: 90, timezone: 'UTC' }, 'every 90 s'],
  [{ at: '2027-01-31T09:00:00', timezone: 'Europe/Berlin' }, 'once at 2027-01-31 09:00:00, Europe/Berlin'],
  // A zone that is being typed, or that this browser does not know.
  [{ at: '2027-01-31T09:00:00Z', timezone: 'Eur' }, 'once at 2027-01-31T09:00:00.000Z'],
  [{ at: 'tomorrow', timezone: 'UTC' }, 'once at tomorrow, UTC'],
])('%j is summed up as %s', (schedule, text) => {
  expect(summaryOf(schedule)).toBe(text);
});

test('a time with an offset is shown in the zone of its schedule', () => {
  const text = summaryOf({ at: '2027-01-31T09:00:00Z', timezone: 'Europe/Berlin' });
  expect(text).toMatch(/^once at .*2027.*10:00:00/);
});
