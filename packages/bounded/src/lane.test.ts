import { expect, test } from '@jest/globals';
import { createLane } from './lane.js';
import { LANES, LIMITS } from './limits.js';

test('a caller with little work finds room where another one has filled the line', async () => {
  const lane = createLane(LANES.short);
  const over = new AbortController();
  const work = { kind: 'cel', source: 'true', subject: 'event' };
  const order = {
    workMs: LIMITS.checkMs,
    message: (limitMs: number) => [JSON.stringify({ work, sliceMs: null, limitMs }), ''],
  };
  const run = (key: string) => lane.run({ key, signal: over.signal }, order);
  // One is being worked on.
  const crowd = Array.from({ length: LIMITS.waiting + 1 }, () => run('crowd'));
  expect(await run('crowd')).toEqual({ outcome: 'starved' });
  const quiet = run('quiet');
  expect(await crowd.at(-1)).toEqual({ outcome: 'starved' });
  expect(await quiet).toMatchObject({ outcome: 'replied' });
  over.abort();
  await Promise.all(crowd);
  lane.close();
});
