import type { Redis } from 'ioredis';

/**
 * Sends everything written to Redis in one turn of the event loop as one packet: one system call for all
 * requests that arrived together, on our side and on Redis's. Order and errors stay the same, and it uses no
 * timer.
 *
 * Reaches into `stream.write`. ioredis declined this (https://github.com/redis/ioredis/pull/343) for
 * `enableAutoPipelining`, which batches commands instead of packets and leaves scripts out.
 */
export function batchWrites(redis: Redis): void {
  redis.on('connect', () => {
    const { stream } = redis;
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (...args: unknown[]) => {
      if (stream.writableCorked === 0) {
        stream.cork();
        setImmediate(() => stream.uncork());
      }
      return write(...args);
    };
  });
}
