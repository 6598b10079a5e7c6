import { sleep, within } from '@agenthook/async';
import type { PublicState } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { shardOf } from '../../queue/task-id.js';
import { isRedisUnavailable } from '../../redis/unavailable.js';
import { publicTaskStatus } from '../status.js';
import { LISTEN_PATIENCE_MS, type Waiters } from './waiters.js';

/** How long until a failed read is retried, in ms. */
const READ_AGAIN_MS = 100;

/**
 * The public state of a task once it has ended, or after `ms`, or when `signal` aborts because the caller has
 * left. Undefined for an unknown or expired id. Reads the state once before the wait and once after it. If
 * too many callers already wait, for this task or from this network, returns the current state.
 *
 * Throws if Redis does not answer the first read, or does not answer before the time is up.
 */
export const awaitTask = (
  ctx: Context,
  waiters: Waiters,
  taskId: string,
  wait: Wait,
): Promise<PublicState | undefined> => awaitState(ctx, waiters, taskId, wait, publicTaskStatus);

/** How a caller waits. */
interface Wait {
  ms: number;
  network: string;
  signal: AbortSignal;
}

/** Like awaitTask, for a state that `read` reads. */
export async function awaitState<State extends Pick<PublicState, 'finished_at'>>(
  ctx: Context,
  waiters: Waiters,
  taskId: string,
  { ms, network, signal }: Wait,
  read: (ctx: Context, taskId: string) => Promise<State | undefined>,
): Promise<State | undefined> {
  const end = performance.now() + ms;
  const shard = shardOf(taskId, ctx.queues.length);
  const waiter = shard === undefined || ms <= 0 ? undefined : waiters.add(shard, taskId, network);
  if (!waiter) return await read(ctx, taskId);
  try {
    await within(Math.min(ms, LISTEN_PATIENCE_MS), waiter.listening, signal);
    const state = await read(ctx, taskId);
    if (!state || state.finished_at !== null) return state;
    await within(end - performance.now(), waiter.ended, signal);
    if (signal.aborted) return state;
  } finally {
    waiter.release();
  }
  // The end arrives on another connection, which may reconnect before the one that reads.
  for (;;) {
    try {
      return await read(ctx, taskId);
    } catch (error) {
      const leftMs = end - performance.now();
      if (leftMs <= 0 || signal.aborted || waiters.closed || !isRedisUnavailable(error)) throw error;
      await sleep(Math.min(leftMs, READ_AGAIN_MS), { signal }).catch(() => undefined);
    }
  }
}
