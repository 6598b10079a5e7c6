import type { Context } from '../context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { SUMMARY_FIELD } from '../queue/job.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { countersOf } from '../stats/counters.js';
import { readEnded } from './ended.js';

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
 * Takes ends off the set for good and counts them, in one step: whoever tells of one again, it counts once. KEYS: the set,
 * what counts for ever, the jobs in their order, then counters that expire, whose numbers among the KEYS come with each task.
 * ARGV: how many tasks, when counters expire; then for each task its id, its summary ('' where it is gone), the numbers of
 * two counters, how many fields, and the fields with what to add. Durations (DURATION_FIELD) are counted by the hour alone.
 */
const settleScript = defineScript<null>(`
local sums = {}
local function add(key, field, by)
  sums[key] = sums[key] or {}
  sums[key][field] = (sums[key][field] or 0) + by
end
local at = 3
for n = 1, ARGV[1] do
  local id, summary, all, mine, fields = unpack(ARGV, at, at + 4)
  local from, job = at + 5, KEYS[n + 2]
  at = from + 2 * fields
  if redis.call('ZREM', KEYS[1], id) == 1 and summary ~= '' then
    if redis.call('EXISTS', job) == 1 then redis.call('HSET', job, '${SUMMARY_FIELD}', summary) end
    for field = from, at - 1, 2 do
      local name, by = ARGV[field], ARGV[field + 1]
      if string.sub(name, 1, 1) ~= 'd' then add(KEYS[2], name, by) end
      add(KEYS[tonumber(all)], name, by)
      add(KEYS[tonumber(mine)], name, by)
    end
  end
end
for key, fields in pairs(sums) do
  for name, by in pairs(fields) do redis.call('HINCRBY', key, name, string.format('%.0f', by)) end
  if key ~= KEYS[2] then redis.call('EXPIRE', key, ARGV[2]) end
end`);

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
 * task has put its id into a set (task-index.lua), and it is taken off only once `onEnd` has resolved. Then it is
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
  const told = await Promise.all(ids.map((id, index) => tell(ctx, id, all[index], onEnd)));
  await settleThose(
    ctx,
    shard,
    told.filter((end) => end !== undefined),
  );
  return ids.length;
}

/** An end that was told of; its task may be gone. */
interface Told {
  id: string;
  ended: EndedTask | undefined;
}

/** Undefined where it could not be told: it stays in the set, and is due again when the claim has run out. */
async function tell(
  ctx: Context,
  id: string,
  ended: EndedTask | undefined,
  onEnd: EndHandler,
): Promise<Told | undefined> {
  try {
    if (ended) await onEnd(ctx, ended);
    return { id, ended };
  } catch (error) {
    ctx.log.warn({ err: error, task_id: id }, 'the end of a task could not be told; it will be');
    return undefined;
  }
}

async function settleThose(ctx: Context, shard: number, ends: readonly Told[]): Promise<void> {
  if (ends.length === 0) return;
  const redisKeys = [keys.ended(shard), keys.totals(shard), ...ends.map(({ id }) => keys.job(shard, id))];
  const numbers = new Map<string, number>();
  const numberOf = (scope: string, finishedMs: number): number => {
    const key = keys.stats(shard, scope, hourOf(finishedMs));
    const number = numbers.get(key) ?? redisKeys.push(key);
    numbers.set(key, number);
    return number;
  };
  const args = ends.flatMap(({ id, ended }): (string | number)[] => {
    if (!ended) return [id, '', 0, 0, 0];
    const { agent_id, finished_ms, summary } = ended;
    const counters = Object.entries(countersOf(ended));
    const places = [ALL_AGENTS, agent_id].map((scope) => numberOf(scope, finished_ms));
    return [id, JSON.stringify(summary), ...places, counters.length, ...counters.flat()];
  });
  await settleScript(ctx.redis, redisKeys, [ends.length, STATS_TTL_SECONDS, ...args]);
}
