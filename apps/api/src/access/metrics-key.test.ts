import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { ADMIN_KEY, testApp } from '../../test/app.js';
import { buildApp } from '../app.js';

const METRICS_KEY = 'a-metrics-key-of-enough-length';
let env: Awaited<ReturnType<typeof testApp>>;
let guarded: FastifyInstance;

beforeAll(async () => {
  env = await testApp();
  guarded = await buildApp(env.ctx, {
    adminApiKey: ADMIN_KEY,
    metricsKey: METRICS_KEY,
    defaultModel: 'sandbox:echo',
    publicUrl: () => '',
  });
});
afterAll(async () => {
  await guarded?.close();
  await env?.close();
});

const ask = (url: string, key?: string) =>
  guarded.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });

test('guards the metrics', async () => {
  for (const key of [undefined, '', 'wrong', `${METRICS_KEY}x`, ADMIN_KEY]) {
    const answer = await ask('/metrics', key);
    expect(answer.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  }
  expect((await ask('/metrics', METRICS_KEY)).body).toContain('agenthook_tasks_pending');
  expect((await env.app.inject('/metrics')).statusCode).toBe(200);
});

test('guards the details of /readyz, but not its verdict', async () => {
  for (const key of [undefined, 'wrong', ADMIN_KEY]) {
    const answer = await ask('/readyz', key);
    expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false }]);
  }
  const told = await ask('/readyz', METRICS_KEY);
  expect(told.statusCode).toBe(503);
  expect(told.json()).toMatchObject({ ready: false, redis: true, workers: 0 });
  // A signed-in user sees the same.
  const details = await ask('/api/readiness', ADMIN_KEY);
  expect([details.statusCode, details.json()]).toEqual([200, told.json()]);
  expect((await ask('/api/readiness')).statusCode).toBe(401);
  expect((await env.app.inject('/readyz')).json()).toHaveProperty('problems');
});

test('wrong keys lock no one out', async () => {
  for (let n = 0; n < 15; n++) await ask('/metrics', 'wrong');
  expect((await ask('/api/agents', ADMIN_KEY)).statusCode).toBe(200);
});
