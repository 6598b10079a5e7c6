import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { batchWrites } from './patches/batch-writes.js';
import { makeCopiesEager } from './patches/eager-copies.js';
import { failUnanswered } from './patches/fail-unanswered.js';
import { giveUpSilent } from './patches/give-up-silent.js';
import { type Handshake, strictHandshake } from './patches/strict-handshake.js';
import { waitWhileRefused } from './patches/wait-refused.js';
import { refusedStart, withoutQuotes } from './refused-start.js';
import { refusesForNow } from './unavailable.js';

export type RedisClient = Redis;

/** Timeout of one command while a caller waits, in ms. Two of them fit into the 3 s of a 503. */
const COMMAND_TIMEOUT_MS = 1_000;

/**
 * Deadline for adding a task, in ms after the command was sent: well before the caller is told that it
 * failed.
 */
export const ADD_DEADLINE_MS = 700;

/**
 * How long a connection may be silent while it owes an answer, in ms, before it is replaced. A host that
 * dies, or a firewall that drops state, closes nothing, and the operating system keeps such a connection open
 * for a quarter of an hour.
 */
const SILENCE_MS = 3 * COMMAND_TIMEOUT_MS;
/** The same for a worker's connections. BullMQ blocks one of them for up to 10 s. */
const WORKER_SILENCE_MS = 12_000;

const shared = {
  connectTimeout: 2_000,
  disableClientInfo: true,
  keepAlive: 10_000,
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
} satisfies RedisOptions;

/**
 * For a process that answers callers. A command fails at once while Redis is unavailable, and after a second
 * without an answer. Nothing is queued to be sent later.
 */
const FAIL_FAST = {
  ...shared,
  socketTimeout: SILENCE_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;

/**
 * For a worker. A command waits until Redis is available again and then runs, as BullMQ's blocking calls
 * require.
 */
const PATIENT = {
  ...shared,
  socketTimeout: WORKER_SILENCE_MS,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

/** Timeout of one blocking command of a listener, in ms. */
export const LISTEN_MS = 5_000;

/** For a connection that listens. Its user retries failed commands, so nothing is queued. */
const LISTENING = {
  ...FAIL_FAST,
  commandTimeout: LISTEN_MS + 2_000,
  socketTimeout: LISTEN_MS + SILENCE_MS,
} satisfies RedisOptions;

/**
 * Opens another connection like `redis`, for blocking commands of up to LISTEN_MS. It reconnects until it is
 * closed.
 */
export function listenOn(redis: RedisClient, log: Logger): RedisClient {
  const listener = redis.duplicate(LISTENING);
  giveUpSilent(listener);
  listener.on('error', (error: Error) => log.debug({ err: error }, 'listening connection error'));
  return listener;
}

/**
 * Sends the commands of `ask` over a new connection like `redis`, which is closed afterwards. Each fails
 * within a second, and none waits while Redis refuses it. Rejects as `ask` does, or if it cannot connect.
 */
export async function openAnew<T>(redis: RedisClient, ask: (fresh: RedisClient) => Promise<T>): Promise<T> {
  const fresh = redis.duplicate({ ...FAIL_FAST, retryStrategy: () => null, lazyConnect: true });
  failUnanswered(fresh, COMMAND_TIMEOUT_MS);
  let lost: Error | undefined;
  fresh.on('error', (error: Error) => {
    lost = error;
  });
  try {
    // What `connect` rejects with only says that the connection is closed.
    await fresh.connect().catch((error) => {
      throw lost ?? error;
    });
    return await ask(fresh);
  } finally {
    fresh.disconnect();
  }
}

/** Whether Redis accepts the commands that `ask` sends over a new connection. Takes at most 3 s. */
export const takesAnew = (
  redis: RedisClient,
  ask: (fresh: RedisClient) => Promise<unknown>,
): Promise<boolean> =>
  openAnew(redis, ask).then(
    () => true,
    () => false,
  );

/** How often to look for the primary if Redis was a replica already when we connected, in ms. */
const LEAVE_REPLICA_MS = 10_000;

/**
 * After a failover the old primary keeps its connections as a replica. A new connection reaches the new
 * primary. If Redis was a replica from the beginning, a new connection reaches the same one, and reads on the
 * old one would fail meanwhile; so that is tried rarely.
 */
function leaveReplica({ wasReplica }: Handshake): (error: Error) => boolean {
  let triedMs = performance.now();
  return ({ message }) => {
    if (!message.startsWith('READONLY')) return false;
    if (wasReplica() && performance.now() - triedMs < LEAVE_REPLICA_MS) return false;
    triedMs = performance.now();
    return true;
  };
}

export type ConnectionKind = 'fail-fast' | 'patient';

/**
 * Connects to `url` (redis:// or rediss://) and waits until Redis answers. Throws one line for the person who
 * starts the process: at once if Redis refuses a step of the handshake, or else after `waitMs`.
 */
export async function connectRedis(
  url: string,
  kind: ConnectionKind,
  log: Logger,
  waitMs = 30_000,
): Promise<RedisClient> {
  const redis = new Redis(url, { ...(kind === 'fail-fast' ? FAIL_FAST : PATIENT), lazyConnect: true });
  batchWrites(redis);
  redis.options.reconnectOnError = leaveReplica(strictHandshake(redis));
  giveUpSilent(redis);
  if (kind === 'fail-fast') failUnanswered(redis, COMMAND_TIMEOUT_MS);
  else waitWhileRefused(redis, refusesForNow, log);
  const at = `${redis.options.host}:${redis.options.port}`;
  let down = false;
  let lastError = '';
  let refuse: ((reason: string) => void) | undefined;
  redis.on('error', (error: Error) => {
    lastError = withoutQuotes(error.message || (error as NodeJS.ErrnoException).code || 'connection refused');
    const refused = refuse && refusedStart(error, at, redis.options.db ?? 0);
    if (refused !== undefined) refuse?.(refused);
    else if (!down) log.warn({ reason: lastError }, 'Redis is not reachable; trying again until it is');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info('Redis is back');
    down = false;
  });
  await new Promise<void>((resolve, reject) => {
    refuse = (reason) => {
      clearTimeout(timer);
      redis.disconnect();
      reject(new Error(reason));
    };
    const late = () => refuse?.(`Redis at ${at} cannot be reached: ${lastError}. Start it or set REDIS_URL.`);
    const timer = setTimeout(late, waitMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      refuse = undefined;
      resolve();
    });
    redis.connect().catch(() => undefined); // the error listener handles it
  });
  makeCopiesEager(redis);
  return redis;
}
