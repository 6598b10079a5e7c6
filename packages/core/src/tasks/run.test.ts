import type { AttemptOutcome, RunAgent } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WaitingError, Worker } from 'bullmq';
import { testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { createVersionCache } from '../agents/version-cache.js';
import { createStandingOf } from '../budget/standing.js';
import type { Context } from '../context.js';
import { bareFailure } from '../queue/failure.js';
import type { TaskData } from '../queue/job.js';
import { workerOptions } from '../queue/worker-options.js';
import { keys, TASK_QUEUE } from '../redis/keys.js';
import { startPulse } from '../redis/pulse.js';
import { enqueue } from './enqueue.js';
import { createProviderGates } from './provider-gates.js';
import { startRecovery } from './recovery.js';
import { runTask, STOP_REASONS } from './run.js';
import { taskStatus } from './status.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
let worker: Worker<TaskData>;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
  worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
});
beforeEach(() => ctx.redis.flushdb());
afterAll(async () => {
  await worker?.close();
  await env?.close();
});

test.each([
  ['goes on elsewhere where its lock is good all the same', 'token', WaitingError, []],
  ['is left to its holder', 'of another', Error, ['of another']],
])(
  'a run that is stopped because a lock is lost does not end its task: it %s',
  async (_how, token, thrown, left) => {
    const { id: agentId } = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
    const data = { agent_id: agentId, agent_version: 1, payload: {}, headers: {} };
    const id = await enqueue(ctx, { data, trigger: 'webhook', maxAttempts: 1, redisNow: Date.now });
    const job = await worker.getNextJob('token', { block: false });
    if (!job) throw new Error('no job to take');
    // As if it had waited for Redis while it was taken.
    const taken = ctx.now();
    job.processedOn = taken - 3_000;
    const stop = new AbortController();
    // An agent's run ends like this when its signal aborts.
    const runAgent: RunAgent = async (): Promise<AttemptOutcome> => {
      stop.abort(STOP_REASONS.lockLost);
      await ctx.redis.set(keys.jobLock(0, id), token);
      return {
        outcome: 'failed',
        failure: bareFailure('cancelled', 'The run was stopped.'),
        retryable: false,
      };
    };
    const recovery = startRecovery(ctx);
    const pulse = startPulse(ctx.redis);
    const deps = {
      runAgent,
      versions: createVersionCache(ctx),
      gates: createProviderGates(),
      standingOf: createStandingOf(ctx),
      recovery,
      pulse,
      runAlone: undefined,
    };
    await expect(runTask(ctx, deps, job, 'token', stop.signal)).rejects.toThrow(thrown);
    recovery.stop();
    pulse.stop();
    const state = await taskStatus(ctx, id);
    expect(state).toMatchObject({ status: 'STARTED', finished_at: null });
    expect(Date.parse(state?.started_at ?? '')).toBeGreaterThanOrEqual(taken);
    const lock = await ctx.redis.get(keys.jobLock(0, id));
    expect(lock === null ? [] : [lock]).toEqual(left);
  },
);
