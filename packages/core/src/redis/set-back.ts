import type { Context } from '../context.js';
import { keys, taskPrefix } from './keys.js';
import { setBackRootScript } from './set-back-root.script.js';
import { setBackShardScript } from './set-back-shard.script.js';

/** How far Redis's clock must be set back to count, in ms. By less, what waits waits that much longer. */
const LEAST_MS = 15_000;

/**
 * Looks whether Redis's clock was set back since any process did this, as after a failover to a machine with
 * another clock. If so, all that waits for a time waits as long as before; a schedule does not run again at
 * the times at which it has run.
 */
export async function followSetBack({ redis, queues, log }: Context): Promise<void> {
  const back_ms = Math.max(
    await setBackRootScript(
      redis,
      {
        clock: keys.clock,
        schedules: keys.schedules,
        bulk: keys.openBulkJobs,
        alerts: keys.alertOutbox,
        processes: keys.processes,
        turns: [keys.alertTurn, keys.archiveTurn, keys.indexSweep],
      },
      { least: LEAST_MS, reports: keys.processPrefix, loads: keys.processLoadPrefix },
    ),
    ...(await Promise.all(
      [...queues.keys()].map((shard) =>
        setBackShardScript(
          redis,
          {
            clock: keys.shardClock(shard),
            outboxes: [keys.ended(shard), keys.asked(shard), keys.emptying(shard)],
          },
          { least: LEAST_MS, queues: [taskPrefix(shard), keys.callbackPrefix(shard)] },
        ),
      ),
    )),
  );
  if (back_ms > 0)
    log.warn({ back_ms }, "Redis's clock was set back; what waits for a time goes on as before");
}
