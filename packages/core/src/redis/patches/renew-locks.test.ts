import { freshRedis, until } from '@agenthook/testing';
import { afterEach, expect, jest, test } from '@jest/globals';
import { Queue, Worker } from 'bullmq';
import { renewAfterSetBack } from './renew-locks.js';

const LOCK_MS = 2_000;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closing.splice(0).reverse()) await close();
});

test('a worker renews its locks also after its clock was set back', async () => {
  const fresh = await freshRedis();
  const connection = { url: fresh.url, maxRetriesPerRequest: null };
  const queue = new Queue('locks', { connection });
  let end = () => {};
  const worker = new Worker('locks', () => new Promise<void>((resolve) => (end = resolve)), {
    connection,
    lockDuration: LOCK_MS,
    autorun: false,
  });
  closing.push(
    fresh.close,
    () => queue.close(),
    () => worker.close(),
  );
  renewAfterSetBack(worker);
  let renewals = 0;
  worker.on('locksRenewed', () => renewals++);
  void worker.run();
  await queue.add('run', {});
  await until('it renews', () => renewals > 0);
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() - 7_200_000);
  const before = renewals;
  await until('it renews again, twice', () => renewals >= before + 2);
  expect(worker.isRunning()).toBe(true);
  end();
});
