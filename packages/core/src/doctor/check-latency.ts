import type { RedisClient } from '../redis/connect.js';
import type { ProcessInfo } from '../stats/heartbeat.js';
import { type Finding, findingsOf } from './finding.js';

/** How often Redis is asked. The fastest answer counts: others may have waited for this machine. */
const ASKED = 10;
/** More than this is another region, not another machine, in ms. */
const FAR_MS = 10;
/** The slots of a worker with default settings. */
const SLOTS = 125;

/**
 * Checks how far Redis is. A worker takes waiting tasks one after the other and begins none before it has
 * filled its slots (BullMQ's loop), so the distance counts once for each slot.
 */
export async function checkLatency(redis: RedisClient, processes: readonly ProcessInfo[]): Promise<Finding> {
  const { ok, warning } = findingsOf('latency');
  let ms = Number.POSITIVE_INFINITY;
  for (let n = 0; n < ASKED; n++) {
    const asked = performance.now();
    await redis.ping();
    ms = Math.min(ms, performance.now() - asked);
  }
  const shown = ms < 10 ? ms.toPrecision(2) : String(Math.round(ms));
  if (ms < FAR_MS) return ok(`Redis answers in ${shown} ms.`);
  const slots = Math.max(...processes.map((process) => process.slots ?? 0), 0) || SLOTS;
  const seconds = ((slots * ms) / 1000).toPrecision(2);
  return warning(
    `Redis answers in ${shown} ms. A worker with ${slots} slots may need ${seconds} s to take that many waiting ` +
      'tasks before the first one begins. If that is longer than TASK_LOCK_SECONDS, tasks lose their locks and ' +
      'are taken again.',
    'Run api and workers near Redis, or lower WORKER_CONCURRENCY and run more workers.',
  );
}
