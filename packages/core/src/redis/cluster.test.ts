import { postOf, type RedisServer, startRedisServer } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Worker } from 'bullmq';
import { takeJob } from '../../test/take-job.js';
import { sweepFinished } from '../erasing/sweep.js';
import {
  addDocument,
  createAgent,
  documentsOf,
  listAgents,
  memoryOf,
  mintWebhook,
  patchAgent,
  removeAgent,
  removeDocument,
  revokeWebhook,
} from '../index.js';
import { trigger } from '../intake/trigger.js';
import { createLogger } from '../log.js';
import { openContext } from '../open-context.js';
import type { TaskData } from '../queue/job.js';
import { withdrawTask } from '../queue/withdraw.js';
import { workerOptions } from '../queue/worker-options.js';
import { cancelTask } from '../tasks/cancel.js';
import { replayTask } from '../tasks/replay.js';
import { taskStatus } from '../tasks/status.js';
import { openTaskLog } from '../tasks/task-log.js';
import { taskTrace } from '../tasks/trace.js';
import { TASK_QUEUE } from './keys.js';

let server: RedisServer;
let opened: Awaited<ReturnType<typeof openContext>>;

/**
 * One node that owns every slot. It serves an ordinary client, and refuses (CROSSSLOT) each script,
 * transaction or command whose keys do not share a hash slot, as any Redis Cluster would.
 */
beforeAll(async () => {
  server = await startRedisServer({ options: { 'cluster-enabled': 'yes' } });
  const settings = {
    redisUrl: server.url,
    secretKey: 'a test key of enough length',
    shards: 1,
    resultTtlSeconds: 3600,
  };
  const { Redis } = await import('ioredis');
  const admin = new Redis(server.url);
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const ready = async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok');
  while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 50));
  admin.disconnect();
  opened = await openContext({ ...settings, connection: 'fail-fast' }, createLogger('test', 'silent'));
});
afterAll(async () => {
  await opened?.close(1_000);
  await server?.stop();
});

test('no script and no command of the main path needs keys of two hash slots', async () => {
  const { ctx } = opened;
  const agent = await createAgent(ctx, { name: 'a' }, 'sandbox:echo');
  await patchAgent(ctx, agent.id, { description: 'b' });
  await mintWebhook(ctx, agent.id, 0);
  const { token } = await mintWebhook(ctx, agent.id, 60);
  expect((await listAgents(ctx, { limit: 10 })).agents).toHaveLength(1);
  await memoryOf(ctx, agent.id).save('k', 'v', 10);
  for await (const notes of memoryOf(ctx, agent.id).list()) expect(notes).toHaveLength(1);
  const kept = await addDocument(ctx, agent.id, { name: 'kept', text: 'a printer manual' });
  const { id: removed } = await addDocument(ctx, agent.id, { name: 'removed', text: 'a price list' });
  await removeDocument(ctx, agent.id, removed);
  expect(await documentsOf(ctx, agent.id).search('printer', 1, AbortSignal.timeout(10_000))).toMatchObject([
    { document: kept.name },
  ]);

  const request = { token, ...postOf('{"question": "hi"}', { 'idempotency-key': 'k' }) };
  const outcome = await trigger(ctx, request);
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  const id = outcome.task_id;
  expect(await trigger(ctx, request)).toEqual({ outcome: 'duplicate', task_id: id });
  expect(await withdrawTask(ctx.redis, 0, id)).toBe(false);
  const worker = new Worker<TaskData>(TASK_QUEUE, null, workerOptions(ctx.redis, 0, 1));
  const job = await takeJob(ctx, worker);
  const log = await openTaskLog(ctx, { shard: 0, id, token: 'token', fresh: true });
  await log.append({ type: 'prompt', at: '', attempt: 1, system: 's', user: 'u' });
  expect(await taskStatus(ctx, id)).toMatchObject({ status: 'STARTED' });
  await job.moveToCompleted({ answer: 'yes' } as never, 'token', false);
  expect(await taskTrace(ctx, id)).toMatchObject({ status: 'SUCCESS', prompt: { system: 's', user: 'u' } });
  const { task_id: again } = await replayTask(ctx, id, { version: 'current' });
  expect(await cancelTask(ctx, again)).toMatchObject({ status: 'FAILURE' });
  expect(await taskTrace(ctx, again)).toMatchObject({ replay_of: id });
  await sweepFinished(ctx);
  await worker.close();

  await revokeWebhook(ctx, agent.id);
  await removeAgent(ctx, agent.id);
  const tags = new Set((await ctx.redis.keys('*')).map((key) => /^\{([^}]+)\}/.exec(key)?.[1]));
  expect([...tags].sort()).toEqual(['agenthook', 'agenthook:0']);
});
