import { expect, test } from '@jest/globals';
import { isRedisUnavailable, lostItsAnswer, refusesForNow } from './unavailable.js';

const OOM = "OOM command not allowed when used memory > 'maxmemory'.";

test.each([
  ['a full Redis', OOM],
  ['a full Redis in a script', `${OOM} script: 16c73a36c9e3721c67ae454c, on @user_script:29.`],
  // As Redis 6.2 words it.
  ['an old one', `ERR Error running script (call to f_16c7): @user_script:1: @user_script: 1: -${OOM}`],
  ['a replica', "READONLY You can't write against a read only replica."],
  ['a full disk', 'MISCONF Errors writing to the AOF file: No space left on device'],
  ['one that starts', 'LOADING Redis is loading the dataset in memory'],
])('%s takes the command later', (_what, message) => {
  const error = new Error(message);
  expect([refusesForNow(error), isRedisUnavailable(error), lostItsAnswer(error)]).toEqual([
    true,
    true,
    false,
  ]);
});

test.each([
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'ERR user_script:3: attempt to index a nil value script: 16c7, on @user_script:3.',
  'BUSYGROUP Consumer Group name already exists',
  'NOSCRIPT No matching script.',
])('%s is no such refusal', (message) => {
  expect([refusesForNow(new Error(message)), isRedisUnavailable(new Error(message))]).toEqual([false, false]);
});

test('a caller who comes too late is refused for good', () => {
  const late = new Error('LATE the caller has been told that this task is not stored');
  expect([refusesForNow(late), isRedisUnavailable(late)]).toEqual([false, true]);
});
