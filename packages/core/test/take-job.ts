import type { Job, Worker } from 'bullmq';
import type { Context, TaskData } from '../src/index.js';
import { noteStart } from '../src/tasks/start.js';

/** Takes the next job of the first shard and starts its task, as the worker's loop would. */
export async function takeJob(ctx: Context, worker: Worker<TaskData>): Promise<Job<TaskData>> {
  const job: Job<TaskData> | undefined = await worker.getNextJob('token', { block: false });
  if (!job) throw new Error('no job to take');
  await noteStart(ctx, {
    shard: 0,
    id: job.id ?? '',
    agentId: job.data.agent_id,
    token: 'token',
    maxConcurrency: 0,
    createdMs: job.timestamp,
    startedMs: job.processedOn ?? ctx.now(),
  });
  return job;
}
