import { Redis } from 'ioredis';

/** All keys and values of a Redis database as one text. For small databases: it blocks on KEYS. */
export async function redisText(url: string): Promise<string> {
  const redis = new Redis(url);
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  try {
    const lines = [];
    for (const key of await redis.keys('*')) {
      const type = await redis.type(key);
      // A key may have expired between the two calls.
      if (type !== 'none') lines.push(`${key} ${JSON.stringify(await read[type]?.(key))}`);
    }
    return lines.join('\n');
  } finally {
    redis.disconnect();
  }
}

/** How many tasks a Redis database contains, in any state. */
export async function countTasks(url: string): Promise<number> {
  const lines = (await redisText(url)).split('\n');
  // Not the lock of a running task.
  return lines.filter((line) => /^\{agenthook:\d+\}:tasks:[0-9a-f-]{36} /.test(line)).length;
}
