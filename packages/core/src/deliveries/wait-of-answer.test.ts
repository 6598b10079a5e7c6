import { expect, test } from '@jest/globals';
import { waitOfAnswer } from './wait-of-answer.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const wait = (status: number, headers: Record<string, string>, body = '') =>
  waitOfAnswer({ status, headers, body: Buffer.from(body) }, NOW);
const inSeconds = (count: number) => String(NOW.getTime() / 1000 + count);

test('Retry-After comes first, with any status', () => {
  expect(wait(503, { 'retry-after': '7' })).toBe(7_000);
  const limited = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(90) };
  expect(wait(403, { 'retry-after': '30', ...limited })).toBe(30_000);
});

test('a used-up limit of GitHub waits for its reset, also with 403', () => {
  const usedUp = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(90) };
  for (const status of [403, 429]) expect(wait(status, usedUp)).toBe(90_000);
  expect(wait(429, { 'x-ratelimit-reset': inSeconds(20) })).toBe(20_000);
  expect(wait(403, { ...usedUp, 'x-ratelimit-reset': inSeconds(-5) })).toBe(0);
  expect(wait(403, { ...usedUp, 'x-ratelimit-reset': inSeconds(86_400) })).toBe(6 * 3_600_000);
});

test('a 403 that only lacks a permission waits for no reset', () => {
  const left = { 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': inSeconds(3_000) };
  expect(wait(403, left, '{"message":"Resource not accessible by integration"}')).toBeUndefined();
  expect(wait(502, { ...left, 'x-ratelimit-remaining': '0' })).toBeUndefined();
});

test.each(['You have exceeded a secondary rate limit.', 'You have triggered an abuse detection mechanism.'])(
  'a secondary limit that no header tells waits for a minute: %s',
  (message) => {
    const left = { 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': inSeconds(3_000) };
    expect(wait(403, left, JSON.stringify({ message }))).toBe(60_000);
  },
);

test('the body of a 429 of Discord and Telegram is read', () => {
  expect(wait(429, {}, '{"retry_after": 12}')).toBe(12_000);
  expect(wait(403, {}, '{"retry_after": 12}')).toBeUndefined();
});
