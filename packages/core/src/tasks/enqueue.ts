import type { Queue } from 'bullmq';
import type { Context } from '../context.js';
import { withDeadline } from '../queue/add-deadline.js';
import { ADD_DEADLINE_MS } from '../redis/connect.js';
import { mayHaveArrived } from '../redis/unavailable.js';
import { RUN_JOB, type TaskData } from './task-data.js';
import { createTaskId, shardOf } from './task-id.js';

/** How often a task that was refused to its caller is taken back while Redis does not answer, with what pause. */
const WITHDRAW_TRIES = 3_600;
const WITHDRAW_PAUSE_MS = 1_000;

/**
 * Puts a task into its agent's shard and returns its id once Redis has it.
 *
 * When Redis does not answer, the caller is told so by a throw, but the command may still lie in a socket. Redis refuses
 * it there once its deadline has passed, counted from `redisMs`, Redis's clock a moment ago. What it stored just before
 * that, and could not tell in time, is withdrawn.
 */
export async function enqueue(
  ctx: Context,
  task: { data: TaskData; maxAttempts: number; redisMs: number },
): Promise<string> {
  const taskId = createTaskId(task.data.agent_id);
  const queue = ctx.queues[shardOf(taskId, ctx.queues.length) ?? 0];
  if (!queue) throw new Error('no queue is open');
  const options = { jobId: taskId, attempts: task.maxAttempts };
  try {
    await queue.add(RUN_JOB, task.data, withDeadline(options, task.redisMs + ADD_DEADLINE_MS));
  } catch (error) {
    if (mayHaveArrived(error)) void withdraw(ctx, queue, taskId);
    throw error;
  }
  return taskId;
}

async function withdraw(ctx: Context, queue: Queue<TaskData>, taskId: string): Promise<void> {
  for (let attempt = 1; attempt <= WITHDRAW_TRIES; attempt++) {
    try {
      const removed = await queue.remove(taskId);
      if (removed === 0) ctx.log.warn({ task_id: taskId }, 'a task that was refused with 503 already runs');
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, WITHDRAW_PAUSE_MS).unref());
    }
  }
}
