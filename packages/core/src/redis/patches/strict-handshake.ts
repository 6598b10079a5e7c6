import type { Redis } from 'ioredis';

/** What the handshake of a connection has found. */
export interface Handshake {
  /** Whether Redis was a replica when this connection was opened. */
  wasReplica(): boolean;
}

/**
 * Closes a connection, and every copy of it, whose database cannot be selected. ioredis reports the error and
 * then uses database 0, where another installation may keep its data. BullMQ makes copies with `duplicate`.
 *
 * Also reads the role of Redis from the INFO with which ioredis checks whether it is loading, and keeps
 * ioredis from printing a line of its own if the user may not run INFO.
 *
 * Replaces `select`, `info` and `duplicate`. No issue of ioredis describes this (searched: "select error
 * ready db 0", "DB index out of range connection ready").
 */
export function strictHandshake(redis: Redis): Handshake {
  let isReplica = false;
  const select = redis.select.bind(redis) as (db: number | string) => Promise<'OK'>;
  redis.select = (async (db: number | string) => {
    const { stream } = redis;
    try {
      return await select(db);
    } catch (error) {
      stream?.destroy();
      throw error;
    }
  }) as Redis['select'];
  const info = redis.info.bind(redis) as (...args: unknown[]) => Promise<string>;
  redis.info = ((...args: unknown[]) => {
    const done = args.at(-1);
    if (typeof done !== 'function') return info(...args);
    const check = info(...args.slice(0, -1)).catch((error: Error) => {
      if (!error.message.startsWith('NOPERM')) throw error;
      return '';
    });
    return check.then(
      (text) => {
        isReplica = text.includes('role:slave');
        done(null, text);
      },
      (error) => done(error),
    );
  }) as Redis['info'];
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (...args) => {
    const copy = duplicate(...args);
    strictHandshake(copy);
    return copy;
  };
  return { wasReplica: () => isReplica };
}
