import { brotliDecompressSync } from 'node:zlib';
import { Redis } from 'ioredis';

/** A compressed text: its size in bytes, and its Brotli as base64. */
const PACKED = /\bz\d+:([A-Za-z0-9+/]+=*)/g;

/**
 * All keys and values of a Redis database as one text, compressed ones as they were before. For small
 * databases: it blocks on KEYS.
 */
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
      if (type !== 'none') lines.push(`${key} ${unpacked(JSON.stringify(await read[type]?.(key)))}`);
    }
    return lines.join('\n');
  } finally {
    redis.disconnect();
  }
}

const unpacked = (text: string): string =>
  text.replace(PACKED, (_all, packed: string) =>
    JSON.stringify(brotliDecompressSync(Buffer.from(packed, 'base64')).toString()).slice(1, -1),
  );

/** How many tasks a Redis database contains, in any state. */
export async function countTasks(url: string): Promise<number> {
  const lines = (await redisText(url)).split('\n');
  // Not the lock of a running task.
  return lines.filter((line) => /^\{agenthook:\d+\}:tasks:[0-9a-f-]{36} /.test(line)).length;
}
