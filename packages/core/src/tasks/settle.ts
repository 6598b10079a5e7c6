import { NO_SENDER } from '@agenthook/contracts';
import { createVersionCache, type VersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { type EndedTask, expiryOf } from '../queue/ended-task.js';
import { dayOf, hourOf, STATS_TTL_SECONDS } from '../queue/hour.js';
import { ALL_AGENTS, keys, type NamedKind, namedScope } from '../redis/keys.js';
import { countersOf } from '../stats/counters.js';
import { OTHER } from '../stats/metrics/definitions.js';
import { namedPlaces } from '../stats/named.js';
import { claimEndedScript } from './claim-ended.script.js';
import { EVENT_LEFT_MS } from './ended/empty-ended.js';
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
 *
 * @param versions where the model of a failed task is looked up
 */
export function startSettling(
  ctx: Context,
  onEnd: EndHandler,
  versions: VersionCache = createVersionCache(ctx),
): Settler {
  let stopped = false;
  let running: Promise<void> | undefined;
  let soon: NodeJS.Timeout | undefined;

  const settleAll = async () => {
    for (const shard of ctx.queues.keys()) {
      while (!stopped && (await settleSome(ctx, shard, onEnd, versions)) === AT_ONCE);
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
async function settleSome(
  ctx: Context,
  shard: number,
  onEnd: EndHandler,
  versions: VersionCache,
): Promise<number> {
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
  await settleThose(ctx, shard, await Promise.all(ends.map((end) => withModel(end, versions))));
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

/** The sender, the model and the error code that a task end is counted by. */
const namesOf = ({ sender, summary: { code, model } }: EndedTask): [NamedKind, string][] => [
  ['sender', sender ?? NO_SENDER],
  ...(model === null ? [] : [['model', model] as [NamedKind, string]]),
  ...(code === null ? [] : [['error_code', code] as [NamedKind, string]]),
];

/** A failed task names no model that has answered: it counts for the one that its version asks first. */
async function withModel({ id, ended }: Told, versions: VersionCache): Promise<Told> {
  if (!ended || ended.summary.model !== null) return { id, ended };
  const version = await versions(ended.agent_id, ended.agent_version).catch(() => undefined);
  return { id, ended: { ...ended, summary: { ...ended.summary, model: version?.model ?? null } } };
}

/** What is counted of a task that no longer exists. */
const NOTHING = {
  summary: '',
  ofAll: 0,
  ofAgent: 0,
  counters: '{}',
  named: '[]',
  expires: '',
  empties: '',
};

async function settleThose(ctx: Context, shard: number, ends: readonly Told[]): Promise<void> {
  if (ends.length === 0) return;
  const others = ends.map(({ id }) => keys.job(shard, id));
  const numbers = new Map<string, number>();
  const positionOf = (key: string): number => {
    const number = numbers.get(key) ?? others.push(key);
    numbers.set(key, number);
    return number;
  };
  const numberOf = (scope: string, finishedMs: number): number =>
    positionOf(keys.stats(shard, scope, hourOf(finishedMs)));
  const records = ends.map(({ id, ended }) => {
    if (!ended) return { ...NOTHING, id };
    const { agent_id, finished_ms, summary, retention } = ended;
    return {
      id,
      summary: JSON.stringify(summary),
      ofAll: numberOf(ALL_AGENTS, finished_ms),
      ofAgent: numberOf(agent_id, finished_ms),
      counters: JSON.stringify(countersOf(ended)),
      named: JSON.stringify(
        namesOf(ended).flatMap(([kind, name]) =>
          namedPlaces({ shard, ms: finished_ms, agentId: agent_id }, kind, name, positionOf),
        ),
      ),
      expires: retention?.days === undefined ? '' : expiryOf(finished_ms, retention.days),
      empties: retention?.store === 'none' ? finished_ms + EVENT_LEFT_MS : '',
    };
  });
  await settleEndedScript(
    ctx.redis,
    {
      ended: keys.ended(shard),
      totals: keys.totals(shard),
      expiring: keys.expiring(shard),
      emptying: keys.emptying(shard),
      others,
    },
    { ttl: STATS_TTL_SECONDS, ends: records },
  );
  await dropSums(ctx, shard, ends);
}

/** Drops sums of days that ends of an earlier day were added to. They are made again. */
async function dropSums(ctx: Context, shard: number, ends: readonly Told[]): Promise<void> {
  const today = dayOf(ctx.now());
  const sums = ends.flatMap(({ ended }) => {
    if (!ended || dayOf(ended.finished_ms) >= today - 1) return [];
    const scopes = namesOf(ended).flatMap(([kind, name]) =>
      [name, OTHER].flatMap((of) => [namedScope(kind, of), namedScope(kind, of, ended.agent_id)]),
    );
    return [ALL_AGENTS, ended.agent_id, ...scopes].map((scope) =>
      keys.dayStats(shard, scope, dayOf(ended.finished_ms)),
    );
  });
  if (sums.length === 0) return;
  await ctx.redis.unlink(...new Set(sums));
}
