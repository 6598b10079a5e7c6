import { type Context, createLogger } from '../src/index.js';
import { openQueues } from '../src/queue/open-queues.js';
import { connectRedis } from '../src/redis/connect.js';
import { createSecretBox } from '../src/secrets/secret-box.js';

/** Each Jest worker has a Redis database of its own on the server that the run started. */
const url = () => {
  const base = process.env.TEST_REDIS_URL;
  if (!base) throw new Error('TEST_REDIS_URL is not set: run tests with `npm test`, which starts Redis');
  return `${base.replace(/\/\d*$/, '')}/${process.env.JEST_WORKER_ID ?? '0'}`;
};

/** A context on an empty Redis database, with a clock that a test can move. */
export async function testContext() {
  const log = createLogger('test', 'silent');
  const redis = await connectRedis(url(), 'patient', log);
  await redis.flushdb();
  const queues = openQueues(redis, log, { shards: 1, resultTtlSeconds: 3600 });
  let skewMs = 0;
  const secrets = createSecretBox('a test key of enough length');
  const ctx: Context = {
    redis,
    queues,
    secrets,
    resultTtlSeconds: 3600,
    log,
    now: () => Date.now() + skewMs,
  };
  return {
    ctx,
    advance: (ms: number) => {
      skewMs += ms;
    },
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}
