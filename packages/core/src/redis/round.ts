import type { RedisClient } from './connect.js';

/** About how many members one call returns. Redis does nothing else meanwhile. */
const AT_ONCE = 200;

/** Reads some members at each call, and each member in turn, however many there are. */
export type Round = () => Promise<string[]>;

/**
 * Goes round the members of a set: each call continues where the last one ended. A member that is there for
 * a whole round is returned in it, perhaps twice.
 */
export function roundOfSet(redis: RedisClient, key: string): Round {
  let cursor = '0';
  return async () => {
    const [next, members] = await redis.sscan(key, cursor, 'COUNT', AT_ONCE);
    cursor = next;
    return members;
  };
}

/** The same for a sorted set. Returns the members, each followed by its score. */
export function roundOfSortedSet(redis: RedisClient, key: string): Round {
  let cursor = '0';
  return async () => {
    const [next, members] = await redis.zscan(key, cursor, 'COUNT', AT_ONCE);
    cursor = next;
    return members;
  };
}
