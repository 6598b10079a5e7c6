import { expect, test } from '@jest/globals';
import { filterOf } from './filter-of.js';

test('the kind of an event is in a header, in a member, or in both', () => {
  const headers = { 'content-type': 'application/json', 'x-github-event': 'issues' };
  expect(filterOf({ payload: { action: 'opened', issue: {} }, headers })).toBe(
    'headers["x-github-event"] == "issues" && payload.action == "opened"',
  );
  expect(filterOf({ payload: { id: 1, type: 'charge.failed', status: 'open' }, headers: {} })).toBe(
    'payload.type == "charge.failed"',
  );
});

test('what a sender wrote stays a text', () => {
  expect(filterOf({ payload: { action: '" || true || "' }, headers: {} })).toBe(
    'payload.action == "\\" || true || \\""',
  );
});

test('an event without a kind has no filter', () => {
  for (const payload of [{ action: 3 }, { type: 'x'.repeat(101) }, [], 'text', null])
    expect(filterOf({ payload, headers: {} })).toBeUndefined();
});
