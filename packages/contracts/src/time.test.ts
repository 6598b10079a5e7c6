import { expect, test } from '@jest/globals';
import { iso, isoOrNull, parseTime } from './time.js';

test.each([
  ['2026-01-31T12:00:00Z', 1769860800000],
  ['2026-01-31t12:00:00.250z', 1769860800250],
  ['2026-01-31T13:30:00+01:30', 1769860800000],
])('%s is a time', (text, ms) => {
  expect(parseTime(text)).toBe(ms);
});

test.each(['2026-01-31', '2026-01-31T12:00:00', '2026-13-31T12:00:00Z', 'now', '1769860800000', ''])(
  '%j is none',
  (text) => {
    expect(parseTime(text)).toBeUndefined();
  },
);

test('times are written in UTC, and a missing one is null', () => {
  expect(iso(1769860800000)).toBe('2026-01-31T12:00:00.000Z');
  expect([isoOrNull('1769860800000'), isoOrNull(0), isoOrNull(null), isoOrNull(undefined)]).toEqual([
    '2026-01-31T12:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    null,
    null,
  ]);
});
