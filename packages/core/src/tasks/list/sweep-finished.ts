import type { Context } from '../../context.js';

const AT_ONCE = 1_000;

/**
 * Removes finished tasks older than the retention, a bounded number at a time. BullMQ evicts only when another task of
 * the same kind finishes, so without this a quiet install would keep its last results for ever.
 */
export async function sweepFinished(ctx: Context): Promise<void> {
  for (const queue of ctx.queues) {
    for (const state of ['completed', 'failed'] as const)
      await queue.clean(ctx.resultTtlSeconds * 1000, AT_ONCE, state);
  }
}
