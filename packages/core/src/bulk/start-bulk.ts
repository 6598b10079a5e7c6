import { randomUUID } from 'node:crypto';
import { every } from '@agenthook/async';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { claimBulkScript } from './claim-bulk.script.js';
import { LEASE_MS, runBulkSlice } from './run-bulk.js';

/** How many bulk jobs one process works on at once. */
const AT_ONCE = 4;
/** How often it looks for jobs, in ms. */
const LOOK_MS = 500;

/**
 * Works on bulk jobs, beside any number of other processes, each of which has its own at a time. Returns a
 * function that stops this, and resolves once no item is half done.
 */
export function startBulk(ctx: Context): () => Promise<void> {
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  const look = async (): Promise<void> => {
    if (stopping.signal.aborted || running.size >= AT_ONCE) return;
    const token = randomUUID();
    const ids = await claimBulkScript(
      ctx.redis,
      { open: keys.openBulkJobs },
      { prefix: keys.bulkPrefix, token, most: AT_ONCE - running.size, leaseMs: LEASE_MS },
    );
    for (const id of ids) {
      const slice = runBulkSlice(ctx, id, { token, signal: stopping.signal })
        .catch((error) => ctx.log.warn({ err: error, bulk_id: id }, 'a bulk job was interrupted; it goes on'))
        .finally(() => {
          running.delete(slice);
          look().catch(onError);
        });
      running.add(slice);
    }
  };
  const onError = (error: unknown) => ctx.log.debug({ err: error }, 'looking for bulk jobs failed');
  look().catch(onError);
  const endLooking = every(LOOK_MS, look, onError);
  return async () => {
    endLooking();
    stopping.abort();
    await Promise.all(running);
  };
}
