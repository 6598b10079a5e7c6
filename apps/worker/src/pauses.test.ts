import { createProviders, type PauseInput, type TaskState } from '@agenthook/contracts';
import {
  type Context,
  createAgent,
  getAgent,
  listPauses,
  mintWebhook,
  pause,
  removeAgent,
  replayTask,
  resume,
  taskStatus,
  testAgent,
  trigger,
} from '@agenthook/core';
import { postOf, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openTestContext, runAgentWithoutTools } from '../test/context.js';
import type { RunningWorker } from './run-workers.js';
import { buildWorker } from './task-worker.js';

const sandbox = runAgentWithoutTools();
let opened: Awaited<ReturnType<typeof openTestContext>>;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  opened = await openTestContext();
});
beforeEach(async () => {
  await opened.ctx.redis.flushdb();
});
const stopAll = () => Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
afterEach(stopAll);
afterAll(() => opened?.close(1_000));

const start = () => workers.push(buildWorker(opened.ctx, sandbox, 10));

async function agent(rest: object = {}) {
  const { ctx } = opened;
  const { id } = await createAgent(ctx, { name: 'a', ...rest }, 'sandbox:echo');
  const { token } = await mintWebhook(ctx, id, 0);
  const post = async (sandboxed: object = { reply: 'done' }): Promise<string> => {
    const outcome = await trigger(ctx, { token, ...postOf(JSON.stringify({ sandbox: sandboxed })) });
    if (!('task_id' in outcome)) throw new Error(outcome.outcome);
    return outcome.task_id;
  };
  return { id, post };
}
const stateOf = async (id: string) => (await taskStatus(opened.ctx, id)) as TaskState;
const reaches = (id: string, status: TaskState['status']) =>
  until(`${id} is ${status}`, async () => {
    const state = await stateOf(id);
    return state.status === status && state;
  });
const waits = (id: string) =>
  until(`${id} waits`, async () => {
    const { waiting_for } = await stateOf(id);
    return waiting_for?.kind === 'paused' && waiting_for;
  });

const EVERYTHING: PauseInput = { scope: 'installation' };

test('everything paused: events are taken and wait with the reason, tests run, and all run afterwards', async () => {
  const { ctx } = opened;
  const [one, other] = [await agent(), await agent()];
  start();
  const paused = await pause(ctx, { ...EVERYTHING, note: 'An incident.' }, 'ada');
  expect(paused).toMatchObject({ scope: 'installation', by: 'ada', note: 'An incident.' });
  // The first one stays as it is.
  expect(await pause(ctx, EVERYTHING, 'bob')).toEqual(paused);
  const ids = [await one.post(), await other.post()];
  for (const id of ids) {
    expect(await waits(id)).toMatchObject({ scope: 'installation', by: 'ada', since: paused.since });
    expect((await stateOf(id)).status).toBe('PENDING');
  }
  const { task_id: replay } = await replayTask(ctx, ids[0] ?? '', {});
  await waits(replay);
  const headers = { 'content-type': 'application/json' };
  const { outcome } = await testAgent(ctx, one.id, { body: Buffer.from('{}'), headers, send: 'direct' });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  await reaches(outcome.task_id, 'SUCCESS');
  // It survives a restart.
  await stopAll();
  start();
  const late = await one.post();
  await waits(late);
  expect(await listPauses(ctx)).toEqual([paused]);
  expect(await resume(ctx, EVERYTHING)).toBe(true);
  for (const id of [...ids, replay, late]) await reaches(id, 'SUCCESS');
  expect(await resume(ctx, EVERYTHING)).toBe(false);
  expect(
    (await ctx.redis.keys('*')).filter((key) => /:(held|holding|released|releasing|pauses)/.test(key)),
  ).toEqual([]);
});

test('an attempt that runs goes on to its end; the next one of the same task waits', async () => {
  const { ctx } = opened;
  const { id, post } = await agent({ limits: { max_attempts: 2 } });
  start();
  const running = await post({ steps: [{ latency_ms: 600 }], reply: 'done' });
  const failing = await post({
    steps: [{ latency_ms: 300, fail: 'unavailable', fail_times: 1 }],
    reply: 'done',
  });
  await reaches(running, 'STARTED');
  await reaches(failing, 'STARTED');
  await pause(ctx, { scope: 'agent', agent_id: id }, null);
  expect((await getAgent(ctx, id)).paused).toMatchObject({ reason: 'by_person', by: null });
  expect((await reaches(running, 'SUCCESS')).result).toMatchObject({ answer: 'done' });
  expect(await waits(failing)).toMatchObject({ scope: 'agent' });
  expect((await stateOf(failing)).status).toBe('STARTED');
  await resume(ctx, { scope: 'agent', agent_id: id });
  await reaches(failing, 'SUCCESS');
});

test('a paused model or provider stops the agents that have no other', async () => {
  const { ctx } = opened;
  const plain = await agent();
  const withFallback = await agent({ model: 'openai:gpt-5-mini', fallback_models: ['sandbox:echo'] });
  start();
  await pause(ctx, { scope: 'provider', provider: 'openai' }, 'ada');
  const [a, b] = [await plain.post(), await withFallback.post()];
  await reaches(a, 'SUCCESS');
  // Its first model would fail, because no key is set.
  expect((await reaches(b, 'SUCCESS')).result).toMatchObject({ model: 'sandbox:echo' });
  await pause(ctx, { scope: 'provider', provider: 'sandbox:echo' }, 'ada');
  const [c, d] = [await plain.post(), await withFallback.post()];
  expect(await waits(c)).toMatchObject({ scope: 'provider', provider: 'sandbox:echo' });
  expect(await waits(d)).toMatchObject({ scope: 'provider', provider: 'openai' });
  await resume(ctx, { scope: 'provider', provider: 'sandbox:echo' });
  for (const id of [c, d]) await reaches(id, 'SUCCESS');
});

test('a task that two pauses hold waits for both; one of a deleted agent ends', async () => {
  const { ctx } = opened;
  const { id, post } = await agent();
  start();
  await pause(ctx, EVERYTHING, null);
  await pause(ctx, { scope: 'agent', agent_id: id }, null);
  const task = await post();
  expect(await waits(task)).toMatchObject({ scope: 'installation' });
  await resume(ctx, EVERYTHING);
  await until('it waits for its agent', async () => {
    const { waiting_for } = await stateOf(task);
    return waiting_for?.kind === 'paused' && waiting_for.scope === 'agent';
  });
  await removeAgent(ctx, id);
  expect((await reaches(task, 'FAILURE')).result).toMatchObject({ error: { code: 'agent_unavailable' } });
});

test('a provider that was removed while it was paused can be resumed', async () => {
  const { ctx } = opened;
  const own = createProviders([{ name: 'ours', kind: 'compatible' }]);
  const before: Context = { ...ctx, models: { ...ctx.models, providers: own } };
  const target: PauseInput = { scope: 'provider', provider: 'ours:large' };
  await pause(before, target, null);
  await expect(pause(ctx, target, null)).rejects.toMatchObject({ code: 'invalid_request' });
  expect(await resume(ctx, target)).toBe(true);
  expect(await listPauses(ctx)).toEqual([]);
});

test('what cannot be paused is refused', async () => {
  const { ctx } = opened;
  const { id } = await agent();
  const refusal = (input: PauseInput) =>
    pause(ctx, input, null).catch(({ code, issues }) => [code, issues?.[0].path]);
  expect(await refusal({ scope: 'agent' })).toEqual(['invalid_request', '/agent_id']);
  expect(await refusal({ scope: 'agent', agent_id: 'agt_none' })).toEqual(['unknown_agent', undefined]);
  expect(await refusal({ scope: 'installation', agent_id: id })).toEqual(['invalid_request', '/agent_id']);
  expect(await refusal({ scope: 'provider', provider: 'nobody:x' })).toEqual([
    'invalid_request',
    '/provider',
  ]);
});
