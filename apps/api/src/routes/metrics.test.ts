import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;

beforeAll(async () => {
  env = await testApp();
});
afterAll(() => env?.close());

test('scrapes at the same time read once, and a later one reads again', async () => {
  const { managementRedis: redis } = env.ctx;
  const send = redis.sendCommand.bind(redis);
  let reads = 0;
  redis.sendCommand = (command, stream) => {
    if (command.name === 'info') reads++;
    return send(command, stream);
  };
  const answers = await Promise.all(Array.from({ length: 6 }, () => env.app.inject('/metrics')));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(200));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(reads).toBe(1);
  await env.app.inject('/metrics');
  expect(reads).toBe(2);
  redis.sendCommand = send;
});
