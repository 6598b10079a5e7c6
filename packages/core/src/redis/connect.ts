import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { batchWrites } from './patches/batch-writes.js';
import { makeCopiesEager } from './patches/eager-copies.js';
import { failUnanswered } from './patches/fail-unanswered.js';
import { giveUpSilent } from './patches/give-up-silent.js';
import { waitWhileRefused } from './patches/wait-refused.js';
import { refusesForNow } from './unavailable.js';

export type RedisClient = Redis;

/** How long one command may take for a caller who waits, in ms. Two of them fit into the 3 s of a 503. */
const COMMAND_TIMEOUT_MS = 1_000;

/** Until when after its sending a task may be added, in ms: well before its caller is told that it was not. */
export const ADD_DEADLINE_MS = 700;

/**
 * How long a connection may say nothing while it owes an answer, in ms; then another one is opened. A host that dies, or a
 * firewall that forgets, closes nothing, and the operating system believes in such a connection for a quarter of an hour.
 */
const SILENCE_MS = 3 * COMMAND_TIMEOUT_MS;
/** The same for a worker's, of which BullMQ blocks one for up to 10 s. */
const WORKER_SILENCE_MS = 12_000;

const shared = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000),
  // After a failover the old primary keeps its connections as a replica; a new one leads to its successor.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/**
 * For a process that answers callers: a command fails at once while Redis is away, and after a second when it does not
 * answer; nothing waits in a queue to be sent later.
 */
const FAIL_FAST = {
  ...shared,
  socketTimeout: SILENCE_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
} satisfies RedisOptions;

/** For a process that works: a command waits until Redis is back, and takes it. BullMQ's blocking calls need it so. */
const PATIENT = {
  ...shared,
  socketTimeout: WORKER_SILENCE_MS,
  maxRetriesPerRequest: null,
} satisfies RedisOptions;

/** How long one blocking command of a listener waits, in ms. */
export const LISTEN_MS = 5_000;

/** For a connection that listens: who uses it repeats what failed, so nothing waits in it. */
const LISTENING = {
  ...FAIL_FAST,
  commandTimeout: LISTEN_MS + 2_000,
  socketTimeout: LISTEN_MS + SILENCE_MS,
} satisfies RedisOptions;

/** Opens another connection like `redis`, for blocking commands of up to LISTEN_MS. It reconnects until it is closed. */
export function listenOn(redis: RedisClient, log: Logger): RedisClient {
  const listener = redis.duplicate(LISTENING);
  giveUpSilent(listener);
  listener.on('error', (error: Error) => log.debug({ err: error }, 'listening connection error'));
  return listener;
}

/** Whether Redis takes what `ask` sends on a connection that is opened for it and closed again. Takes 3 s at most. */
export async function takesAnew(
  redis: RedisClient,
  ask: (fresh: RedisClient) => Promise<unknown>,
): Promise<boolean> {
  const fresh = redis.duplicate({ ...FAIL_FAST, retryStrategy: () => null, lazyConnect: true });
  failUnanswered(fresh, COMMAND_TIMEOUT_MS);
  fresh.on('error', () => undefined); // the commands tell
  try {
    await fresh.connect();
    await ask(fresh);
    return true;
  } catch {
    return false;
  } finally {
    fresh.disconnect();
  }
}

export type ConnectionKind = 'fail-fast' | 'patient';

/**
 * Connects to `url` (redis:// or rediss://) and waits until it answers.
 * Throws after `waitMs` with one line for the person who starts the process.
 */
export async function connectRedis(
  url: string,
  kind: ConnectionKind,
  log: Logger,
  waitMs = 30_000,
): Promise<RedisClient> {
  const redis = new Redis(url, { ...(kind === 'fail-fast' ? FAIL_FAST : PATIENT), lazyConnect: true });
  batchWrites(redis);
  giveUpSilent(redis);
  if (kind === 'fail-fast') failUnanswered(redis, COMMAND_TIMEOUT_MS);
  else waitWhileRefused(redis, refusesForNow, log);
  let down = false;
  let lastError = '';
  redis.on('error', (error: Error) => {
    lastError = error.message || (error as NodeJS.ErrnoException).code || 'connection refused';
    if (!down) log.warn({ reason: lastError }, 'Redis is not reachable; trying again until it is');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info('Redis is back');
    down = false;
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.disconnect();
      const { host, port } = redis.options;
      reject(
        new Error(`Redis at ${host}:${port} can not be reached: ${lastError}. Start it or set REDIS_URL.`),
      );
    }, waitMs);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
    redis.connect().catch(() => undefined); // the error listener has it
  });
  makeCopiesEager(redis);
  return redis;
}
