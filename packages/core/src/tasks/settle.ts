import type { Context } from '../context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { dayOf, hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { countersOf } from '../stats/counters.js';
import { claimEndedScript } from './claim-ended.script.js';
import { packEnded } from './ended/pack-ended.js';
import { readEnded } from './ended.js';
import { settleEndedScript } from './settle-ended.script.js';

const AT_ONCE = 100;
/** How long a process keeps ends that it claimed, in ms. If it dies, another process gets them after that. */
const CLAIM_MS = 5_000;
/**
 * How often a process looks for ends without being woken, in ms: those of cancelled tasks and of dead
 * processes.
 */
const LOOK_MS = 1_000;
/** How long it waits for more ends after it was woken, in ms, so that many ends share few commands. */
const GATHER_MS = 20;

/** Called for each task end, at least once. Called again if it rejects or its process dies. */
export type EndHandler = (ctx: Context, ended: EndedTask) => Promise<void>;

export interface Settler {
  /** A task has ended, so look soon. */
  wake(): void;
  /** Resolves once no work is in progress. */
  stop(): Promise<void>;
}

/**
 * Delivers each task end to `onEnd`, whatever ended the task and whichever process died meanwhile. The script
 * that ends a task puts its id into the outbox (task-index.lua), and the id stays there until `onEnd` has
 * resolved. Then the end is counted, once. Any number of processes may do this at the same time.
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

/** Settles up to AT_ONCE ends of a shard. Returns how many it claimed. */
async function settleSome(ctx: Context, shard: number, onEnd: EndHandler): Promise<number> {
  const claim = { most: AT_ONCE, claimMs: CLAIM_MS };
  const ids = await claimEndedScript(ctx.redis, { ended: keys.ended(shard) }, claim);
  if (ids.length === 0) return 0;
  const all = await readEnded(ctx, shard, ids);
  const told = await Promise.all(ids.map((id, index) => tell(ctx, id, all[index], onEnd)));
  const ends = told.filter((end) => end !== undefined);
  // Before they leave the outbox: if this process dies in between, another one packs them.
  await packEnded(
    ctx,
    shard,
    ends.map(({ id }) => id),
  );
  await settleThose(ctx, shard, ends);
  for (const { ended } of ends) {
    if (!ended) continue;
    const code = ended.status === 'SUCCESS' ? 'ok' : (ended.summary.code ?? 'internal');
    ctx.metrics.observe('run_duration_seconds', [ended.agent_id, code], ended.duration_ms ?? 0);
  }
  return ids.length;
}

/** A task end that was delivered. The task itself may have expired. */
interface Told {
  id: string;
  ended: EndedTask | undefined;
}

/** Undefined if the delivery failed: the end stays in the outbox, and is due again when the claim expires. */
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
  const others = ends.map(({ id }) => keys.job(shard, id));
  const numbers = new Map<string, number>();
  const numberOf = (scope: string, finishedMs: number): number => {
    const key = keys.stats(shard, scope, hourOf(finishedMs));
    const number = numbers.get(key) ?? others.push(key);
    numbers.set(key, number);
    return number;
  };
  const records = ends.map(({ id, ended }) => {
    if (!ended) return { id, summary: '', ofAll: 0, ofAgent: 0, counters: '{}' };
    const { agent_id, finished_ms, summary } = ended;
    return {
      id,
      summary: JSON.stringify(summary),
      ofAll: numberOf(ALL_AGENTS, finished_ms),
      ofAgent: numberOf(agent_id, finished_ms),
      counters: JSON.stringify(countersOf(ended)),
    };
  });
  await settleEndedScript(
    ctx.redis,
    { ended: keys.ended(shard), totals: keys.totals(shard), others },
    { ttl: STATS_TTL_SECONDS, ends: records },
  );
  await dropSums(ctx, shard, ends);
}

/** Drops sums of days that ends of an earlier day were added to. They are made again. */
async function dropSums(ctx: Context, shard: number, ends: readonly Told[]): Promise<void> {
  const today = dayOf(ctx.now());
  const late = ends.flatMap(({ ended }) => (ended && dayOf(ended.finished_ms) < today - 1 ? [ended] : []));
  if (late.length === 0) return;
  const sums = late.flatMap(({ agent_id, finished_ms }) =>
    [ALL_AGENTS, agent_id].map((scope) => keys.dayStats(shard, scope, dayOf(finished_ms))),
  );
  await ctx.redis.unlink(...new Set(sums));
}
