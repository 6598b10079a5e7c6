import { every } from '@agenthook/async';
import type { Context } from '../../context.js';
import { listenOn, type RedisClient } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';
import { createFollower, type Follower } from './follow-events.js';

/** How often to check all awaited tasks in case an event was missed, in ms. */
const LOOK_MS = 5_000;
const AT_ONCE = 1_000;

/**
 * How long a caller waits until the shard is being listened to, in ms. After that, the state is read anyway.
 */
export const LISTEN_PATIENCE_MS = 1_000;

/**
 * How many callers may wait at one process, each of which holds a socket: in total, for one task, and from
 * one network. So neither a widely known task id nor a single sender can take all places.
 */
const WAITING_PLACES = { all: 10_000, perTask: 1_000, perNetwork: 2_500 };

/**
 * Called when a task may have changed or, with `ended`, has ended or no longer exists. Also called when the
 * waiters are closed.
 */
type Listener = (ended: boolean) => void;

/** A caller who waits for changes of a task. */
interface Watcher {
  /** Resolves once no later event can be missed, so that the state may be read. */
  listening: Promise<void>;
  release(): void;
}

interface Waiter extends Watcher {
  /** Resolves when the task ends, or when the waiters are closed. */
  ended: Promise<void>;
}

/** All callers of this process who wait for a task to change or to end. */
export interface Waiters {
  /** Waits for the end. Undefined if too many wait (WAITING_PLACES), or once closed. */
  add(shard: number, taskId: string, network: string): Waiter | undefined;
  /** Waits for every change of the task's state or journal. Undefined as above. */
  watch(shard: number, taskId: string, network: string, listener: Listener): Watcher | undefined;
  readonly size: number;
  readonly closed: boolean;
  /** Releases all waiters and disconnects. No one can wait afterwards. */
  close(): void;
}

interface Shard {
  redis: RedisClient;
  follower: Follower;
  /** The listeners of each task, by task id. */
  waiting: Map<string, Set<Listener>>;
}

/**
 * Connects only when someone waits, with one connection per shard for any number of waiters. Some changes
 * cause no event, such as the expiry of a task. A check of all awaited tasks every LOOK_MS finds them;
 * watchers are then notified in any case.
 */
export function createWaiters(ctx: Context, places = WAITING_PLACES): Waiters {
  const shards = new Map<number, Shard>();
  /** The number of waiters from each network. */
  const networks = new Map<string, number>();
  let count = 0;
  let closed = false;
  let endLooking: (() => void) | undefined;

  const tell = ({ waiting }: Pick<Shard, 'waiting'>, taskId: string, ended: boolean) => {
    for (const listener of waiting.get(taskId) ?? []) listener(ended);
  };
  const open = (shard: number): Shard => {
    const redis = listenOn(ctx.redis, ctx.log);
    const waiting: Shard['waiting'] = new Map();
    const needed = () => !closed && waiting.size > 0;
    const follower = createFollower(ctx, redis, shard, needed, (id, ended) => tell({ waiting }, id, ended));
    return { redis, follower, waiting };
  };

  const look = async () => {
    for (const [number, shard] of shards) {
      const ids = [...shard.waiting.keys()];
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const some = ids.slice(from, from + AT_ONCE);
        const batch = ctx.redis.pipeline();
        for (const id of some) batch.hmget(keys.job(number, id), 'timestamp', 'finishedOn');
        const rows = (await batch.exec()) ?? [];
        for (const [index, [error, row]] of rows.entries()) {
          const [timestamp, finishedOn] = (row ?? []) as (string | null)[];
          if (!error) tell(shard, some[index] ?? '', !timestamp || Boolean(finishedOn));
        }
      }
    }
  };
  const startLooking = () =>
    every(LOOK_MS, look, (error) =>
      ctx.log.debug({ err: error }, 'looking at tasks that are waited for failed'),
    );

  const isFull = (number: number, taskId: string, network: string): boolean =>
    count >= places.all ||
    (networks.get(network) ?? 0) >= places.perNetwork ||
    (shards.get(number)?.waiting.get(taskId)?.size ?? 0) >= places.perTask;

  const watch: Waiters['watch'] = (number, taskId, network, listener) => {
    if (closed || isFull(number, taskId, network)) return undefined;
    const shard = shards.get(number) ?? open(number);
    shards.set(number, shard);
    const others = shard.waiting.get(taskId) ?? new Set();
    shard.waiting.set(taskId, others.add(listener));
    count += 1;
    networks.set(network, (networks.get(network) ?? 0) + 1);
    endLooking ??= startLooking();
    return {
      listening: shard.follower.start(),
      release: () => {
        if (!others.delete(listener)) return;
        if (others.size === 0) shard.waiting.delete(taskId);
        count -= 1;
        const left = (networks.get(network) ?? 0) - 1;
        if (left > 0) networks.set(network, left);
        else networks.delete(network);
        if (count > 0) return;
        endLooking?.();
        endLooking = undefined;
      },
    };
  };

  return {
    watch,
    add: (number, taskId, network) => {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const watcher = watch(number, taskId, network, (hasEnded) => hasEnded && resolve());
      return watcher && { ...watcher, ended };
    },
    get size() {
      return count;
    },
    get closed() {
      return closed;
    },
    close: () => {
      closed = true;
      endLooking?.();
      for (const { redis, waiting } of shards.values()) {
        for (const listeners of waiting.values()) for (const listener of listeners) listener(true);
        // A graceful close would wait for the blocked command.
        redis.disconnect();
      }
    },
  };
}
