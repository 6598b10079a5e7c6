import { randomBytes } from 'node:crypto';
import {
  type ApiClient,
  apiClient,
  type RedisServer,
  type Shop,
  startRedisServer,
  startShop,
  until,
} from '../index.js';
import { type Clocks, openPlaces, type Places } from './places.js';
import { type Random, randomFrom } from './random.js';
import { type Receiver, startReceiver } from './receiver.js';

/** How long the longest tool call takes, in ms. */
const MOST_CALL_MS = 100;
const APIS = 2;
const WORKERS = 3;
const START_MS = 120_000;
/**
 * A task that nothing has happened to is lost after this time without any progress, in ms. It is longer than
 * all waits of the product, and does not depend on how fast the machine is.
 */
const STUCK_MS = 90_000;

/**
 * The product's processes and their surroundings: the server that its agents call, and the receiver of
 * callbacks and destinations.
 */
export interface World {
  random: Random;
  redis: RedisServer;
  places: Places;
  /** Asks a running api, chosen at random. Throws while none answers. */
  api: ApiClient;
  /** The URL of a running api, chosen at random; empty if all have just died. */
  apiUrl(): string;
  shop: Shop;
  receiver: Receiver;
  /** Requests that were refused or not answered, and repeated. */
  repeated: number;
  /** Reads that were refused although Redis answered. */
  unread: string[];
  /** Says that the product has done something. */
  hasProgressed(): void;
  /** Whether nothing has happened for so long that nothing will, or the run has to end. */
  isOver(): boolean;
  /** Ends everything. */
  stop(): Promise<void>;
}

interface WorldOptions {
  seed: number;
  /** When the run ends, as Date.now(), whatever happens. */
  deadline: number;
  clocks: Clocks;
  /** The folder of the product whose build runs at first; undefined for this one. */
  root: string | undefined;
}

/** Starts everything, and waits until all processes are ready. What dies is restarted. */
export async function startWorld({ seed, deadline, clocks, root }: WorldOptions): Promise<World> {
  // Each part has numbers of its own, so that the faults are the same, whatever the others have drawn.
  const random = randomFrom(seed);
  let progressAt = Date.now();
  const hasProgressed = () => {
    progressAt = Date.now();
  };
  const shop = await startShop({ slowestMs: MOST_CALL_MS });
  const receiver = await startReceiver(hasProgressed);
  const redis = await startRedisServer({ aof: true });
  const adminKey = randomBytes(24).toString('base64url');
  const env = {
    REDIS_URL: redis.url,
    ADMIN_API_KEY: adminKey,
    SECRET_KEY: randomBytes(24).toString('base64url'),
    SHUTDOWN_GRACE_SECONDS: '5',
    DRAIN_SECONDS: '0',
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
  const places = openPlaces(env, randomFrom(seed + 1), clocks);
  const choice = randomFrom(seed + 2);
  const apiUrl = () => choice.oneOf(places.running('api').filter(({ url }) => url !== ''))?.url ?? '';
  const api = apiClient(apiUrl, adminKey);
  const stop = async () => {
    await places.stop();
    await Promise.all([redis.stop('SIGKILL'), shop.close(), receiver.close()]);
  };
  for (let n = 0; n < APIS; n++) places.open('api', root);
  for (let n = 0; n < WORKERS; n++) places.open('worker', root);
  try {
    await until(
      'all processes are ready',
      async () => {
        const apis = places.running('api');
        const answers = await Promise.all(apis.map(({ url }) => fetch(`${url}/readyz`)));
        const seen = await Promise.all(
          answers.map(async (answer) => ((await answer.json()) as { workers: number }).workers),
        );
        return apis.length === APIS && seen.every((workers) => workers >= WORKERS);
      },
      { timeoutMs: START_MS },
    );
  } catch (cause) {
    await stop();
    throw new Error(`the processes did not start\n${places.logs()}`, { cause });
  }
  // A slow start counts as none of the time in which nothing happens.
  hasProgressed();
  return {
    random,
    redis,
    places,
    api,
    apiUrl,
    shop,
    receiver,
    repeated: 0,
    unread: [],
    hasProgressed,
    isOver: () => Date.now() > deadline || Date.now() - progressAt > STUCK_MS,
    stop,
  };
}
