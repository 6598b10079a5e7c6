import { type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '../log.js';
import { connectRedis, type RedisClient } from './connect.js';
import { transact } from './transact.js';
import { isRedisUnavailable } from './unavailable.js';

let server: RedisServer;
let patient: RedisClient;
let hasty: RedisClient;

beforeAll(async () => {
  server = await startRedisServer();
  const log = createLogger('test', 'silent');
  patient = await connectRedis(server.url, 'patient', log);
  hasty = await connectRedis(server.url, 'fail-fast', log);
});
afterAll(async () => {
  patient?.disconnect();
  hasty?.disconnect();
  await server?.stop();
});

test('a transaction that a full Redis refuses runs once Redis has room, and fails at once for an api', async () => {
  await hasty.config('SET', 'maxmemory', 1);
  const refused = await transact(hasty, (batch) => batch.incr('api').get('api')).catch((error) => error);
  expect([isRedisUnavailable(refused), refused.message]).toEqual([true, expect.stringMatching(/^EXECABORT/)]);
  let answered = false;
  const asked = transact(patient, (batch) => batch.incr('worker').get('worker')).finally(() => {
    answered = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(answered).toBe(false);
  await hasty.config('SET', 'maxmemory', 0);
  expect(await asked).toEqual([1, '1']);
  expect(await hasty.exists('api')).toBe(0);
});

test('a command that fails for its own reason fails its transaction at once', async () => {
  await hasty.set('text', 'no number');
  await expect(transact(patient, (batch) => batch.incr('text'))).rejects.toThrow(/not an integer/);
  await expect(transact(patient, (batch) => batch.call('NO-COMMAND'))).rejects.toThrow(/^EXECABORT/);
});
