import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { parkingKeys } from '../parking-keys.js';
import type { HeldTask } from '../run-alone.js';
import { logSeconds } from '../task-log.js';
import { parkAskingScript } from './park-asking.script.js';

/**
 * Parks a running task until one of its asks is decided or expires. `resumed`: one was decided meanwhile, and
 * the task is back in the queue. `lost`: another worker holds it. `cancelled`: it is to be cancelled, and is
 * still held.
 *
 * @param calls the ids of the calls that the run waits for
 */
export async function parkAsking(ctx: Context, { shard, id, token }: HeldTask, calls: readonly string[]) {
  return await parkAskingScript(
    ctx.redis,
    {
      ...parkingKeys(shard, id),
      log: keys.taskLog(shard, id),
      wait: keys.waitingJobs(shard),
      marker: keys.queueMarker(shard),
    },
    { id, token, ttl: logSeconds(ctx), calls },
  );
}
