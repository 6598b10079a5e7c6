import type { Context } from '../context.js';
import { STATS_TTL_SECONDS } from '../queue/index-scripts.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { countersOf } from '../stats/counters.js';
import { hourOf } from '../stats/hour.js';
import { type EndedTask, readEnded } from './ended.js';

/** The field of a job's hash with what a list shows of its end. */
export const SUMMARY_FIELD = 'summary';

const AT_ONCE = 100;
/** How long one process keeps the ends that it took for itself, in ms. One that dies meanwhile loses them to another. */
const CLAIM_MS = 5_000;
/** How often a process looks for ends that nobody woke it for: of cancelled tasks, of processes that died. */
const LOOK_MS = 1_000;
/** How long it waits for more ends once it was woken, in ms: many are told of in few commands. */
const GATHER_MS = 20;

/** Takes ends that are due, and puts them off for others, in one step. */
const claimScript = defineScript<string[]>(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[1])
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], id) end
return ids`);

/**
 * Takes an end off the set for good and counts it, in one step: whoever tells of it again, it counts once. KEYS: the
 * set, the job, what counts for ever, then counters that expire. ARGV: the id, the summary, when counters expire, then
 * fields and what to add. Durations (DURATION_FIELD) are counted by the hour alone.
 */
const settleScript = defineScript<0 | 1>(`
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
if ARGV[2] == '' then return 1 end
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSET', KEYS[2], '${SUMMARY_FIELD}', ARGV[2]) end
for k = 3, #KEYS do
  for n = 4, #ARGV, 2 do
    if k > 3 or string.sub(ARGV[n], 1, 1) ~= 'd' then redis.call('HINCRBY', KEYS[k], ARGV[n], ARGV[n + 1]) end
  end
  if k > 3 then redis.call('EXPIRE', KEYS[k], ARGV[3]) end
end
return 1`);

/** Is told of each task that ended, at least once; again where it rejects or its process dies. */
export type EndHandler = (ctx: Context, ended: EndedTask) => Promise<void>;

export interface Settler {
  /** Some task has ended: looks soon. */
  wake(): void;
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * Tells `onEnd` of each task that has ended, whatever ended it and whichever process died at it: the script that ends a
 * task has put its id into a set (index-scripts.ts), and it is taken off only once `onEnd` has resolved. Then it is
 * counted, once. Any number of processes may do this at the same time.
 */
export function startSettling(ctx: Context, onEnd: EndHandler): Settler {
  let stopped = false;
  let running: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  const settleAll = async () => {
    for (const shard of ctx.queues.keys()) {
      while (!stopped && (await settleSome(ctx, shard, onEnd)) === AT_ONCE);
    }
  };
  const settle = () => {
    soon = undefined;
    if (running) return wake();
    running = settleAll()
      .catch((error) => ctx.log.debug({ err: error }, 'settling ended tasks failed'))
      .finally(() => {
        running = undefined;
      });
  };
  const wake = () => {
    if (!stopped) soon ??= setTimeout(settle, GATHER_MS);
  };
  const looking = setInterval(wake, LOOK_MS);
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearInterval(looking);
      clearTimeout(soon);
      await running;
    },
  };
}

/** Settles up to AT_ONCE ends of a shard. Returns how many it took. */
async function settleSome(ctx: Context, shard: number, onEnd: EndHandler): Promise<number> {
  const ids = await claimScript(ctx.redis, [keys.ended(shard)], [AT_ONCE, CLAIM_MS]);
  if (ids.length === 0) return 0;
  const all = await readEnded(ctx, shard, ids);
  await Promise.all(
    ids.map(async (id, index) => {
      const ended = all[index];
      try {
        if (ended) await onEnd(ctx, ended);
        await settleOne(ctx, shard, id, ended);
      } catch (error) {
        // It stays in the set, and is due again when the claim has run out.
        ctx.log.warn({ err: error, task_id: id }, 'the end of a task could not be told; it will be');
      }
    }),
  );
  return ids.length;
}

async function settleOne(
  ctx: Context,
  shard: number,
  id: string,
  ended: EndedTask | undefined,
): Promise<void> {
  const redisKeys = [keys.ended(shard), keys.job(shard, id), ...(ended ? placesOf(shard, ended) : [])];
  const counters = ended ? Object.entries(countersOf(ended)).flat() : [];
  const summary = ended ? JSON.stringify(ended.summary) : '';
  await settleScript(ctx.redis, redisKeys, [id, summary, STATS_TTL_SECONDS, ...counters]);
}

const placesOf = (shard: number, { agent_id, finished_ms }: EndedTask): string[] => [
  keys.totals(shard),
  ...[ALL_AGENTS, agent_id].map((scope) => keys.stats(shard, scope, hourOf(finished_ms))),
];
