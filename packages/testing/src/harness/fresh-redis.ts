import { Redis } from 'ioredis';

export interface FreshRedis {
  url: string;
  /** Empties the database. */
  flush(): Promise<void>;
  /** Closes the connection behind `flush`. */
  close(): Promise<void>;
}

/**
 * An empty database of the Jest run's Redis that belongs to this Jest worker alone.
 *
 * @throws outside Jest, which starts that Redis
 */
export async function freshRedis(): Promise<FreshRedis> {
  const { TEST_REDIS_URL, JEST_WORKER_ID = '1' } = process.env;
  if (TEST_REDIS_URL === undefined) {
    throw new Error('There is no TEST_REDIS_URL: run this through `npm test`, which starts a Redis for it.');
  }
  const url = `${TEST_REDIS_URL}/${Number(JEST_WORKER_ID) % 256}`;
  const redis = new Redis(url);
  const flush = async () => {
    await redis.flushdb();
  };
  await flush();
  return {
    url,
    flush,
    close: async () => {
      await redis.quit();
    },
  };
}
