import type { Redis } from 'ioredis';

/**
 * Sends what is written to Redis in one turn of the event loop as one packet: a call to the system for all requests that
 * arrived together, on our side and on Redis's. Order and errors stay as they are, and nobody waits for a timer.
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
