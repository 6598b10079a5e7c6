import { every } from '@agenthook/async';
import type { Context } from '../../context.js';
import { listenOn, type RedisClient } from '../../redis/connect.js';
import { keys } from '../../redis/keys.js';
import { createFollower, type Follower } from './follow-events.js';

/** How often all waiters' tasks are looked at, should an event have been missed, in ms. */
const LOOK_MS = 5_000;
const AT_ONCE = 1_000;

/** How long a caller waits for Redis to listen, in ms; afterwards the state is read all the same. */
export const LISTEN_PATIENCE_MS = 1_000;

/**
 * How many callers wait at one process, each of which holds a socket: in all, for one task, and from one network. So
 * neither a task id that is known to many nor a single sender takes the places of all others.
 */
const WAITING_PLACES = { all: 10_000, perTask: 1_000, perNetwork: 2_500 };

/** Told that a task may have changed or, if `ended`, has ended or is gone. Also when the waiters are closed. */
type Listener = (ended: boolean) => void;

/** Somebody who waits for what becomes of a task. */
interface Watcher {
  /** Resolves once nothing that happens from now on can be missed, and the state may be read. */
  listening: Promise<void>;
  release(): void;
}

interface Waiter extends Watcher {
  /** Resolves at the task's end, at the latest when the waiters are closed. */
  ended: Promise<void>;
}

/** Everyone at this process who waits for a task to change or to end. */
export interface Waiters {
  /** Waits for the end. Undefined where there are too many (WAITING_PLACES), or once closed. */
  add(shard: number, taskId: string, network: string): Waiter | undefined;
  /** Waits for every change of the task's state or log. Undefined as above. */
  watch(shard: number, taskId: string, network: string, listener: Listener): Watcher | undefined;
  readonly size: number;
  readonly closed: boolean;
  /** Lets everyone go, and hangs up. Nobody can wait afterwards. */
  close(): void;
}

interface Shard {
  redis: RedisClient;
  follower: Follower;
  /** By task id: those who wait for it. */
  waiting: Map<string, Set<Listener>>;
}

/**
 * Opens nothing until somebody waits; then one connection for each shard, however many wait. What an event does not
 * tell, such as the expiry of a task, a look at all tasks that are waited for finds every LOOK_MS; those who watch are
 * then told of a change in any case.
 */
export function createWaiters(ctx: Context, places = WAITING_PLACES): Waiters {
  const shards = new Map<number, Shard>();
  /** How many wait from each network. */
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
        // At once: a polite close waits for the blocked command.
        redis.disconnect();
      }
    },
  };
}
