import { sleep } from '@agenthook/async';
import type { Context } from '../../context.js';
import { keys, taskPrefix } from '../../redis/keys.js';
import { reasonOf } from '../why/explain.js';
import { oldestInLineScript } from './oldest-in-line.script.js';
import { waitingTasksScript } from './waiting-tasks.script.js';

/** How many parked tasks one command looks at, and how many are looked at in all. */
const AT_ONCE = 100;
const MOST = 20_000;
/** The longest rest after a command, in ms. It rests as long as it worked, so that others find Redis free. */
const MOST_REST_MS = 10;

/** How many tasks wait for one reason, and when the oldest of them was created, in ms since the epoch. */
export interface Waiting {
  count: number;
  oldestMs: number;
}

/**
 * The waiting tasks by the kind of their reason. Looks at the first 20,000 parked ones of each shard; further
 * ones count as `unread`.
 */
export async function waitingTasks(ctx: Context): Promise<Map<string, Waiting>> {
  const found = new Map<string, Waiting>();
  const add = (kind: string, count: number, oldestMs: number) => {
    const before = found.get(kind) ?? { count: 0, oldestMs };
    found.set(kind, { count: before.count + count, oldestMs: Math.min(before.oldestMs, oldestMs) });
  };
  const fleet = await ctx.fleet();
  for (const shard of ctx.queues.keys()) {
    const delayed = keys.delayedJobs(shard);
    let from = 0;
    do {
      const started = performance.now();
      const args = { prefix: taskPrefix(shard), from, many: AT_ONCE };
      const [next, ...rows] = await waitingTasksScript(ctx.redis, { delayed }, args);
      for (let n = 0; n < rows.length; n += 3) add(rows[n] ?? '', Number(rows[n + 1]), Number(rows[n + 2]));
      from = next;
      if (from > 0) await sleep(Math.min(performance.now() - started, MOST_REST_MS));
    } while (from > 0 && from < MOST);
    if (from > 0) add('unread', Math.max(0, (await ctx.redis.zcard(delayed)) - from), ctx.now());
    const [inLine, taken, oldest] = await oldestInLineScript(
      ctx.redis,
      {
        prioritized: keys.prioritizedJobs(shard),
        wait: keys.waitingJobs(shard),
        active: keys.activeJobs(shard),
      },
      { prefix: taskPrefix(shard) },
    );
    if (inLine > 0) add(reasonOf({ kind: 'queue', taken }, fleet).kind, inLine, Number(oldest ?? ctx.now()));
  }
  return found;
}
