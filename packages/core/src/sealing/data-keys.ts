import { parseJson } from '@agenthook/json';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import type { DataKey, SecretBox } from '../secrets/secret-box.js';

const CONTEXT = 'data key';

/** A data key as Redis has it: sealed, as a JSON string. */
const wrap = (box: SecretBox, { key }: DataKey): string =>
  JSON.stringify(box.seal(key.toString('base64'), CONTEXT));

/** The key in a stored row; undefined if this box cannot open it. */
function unwrap(box: SecretBox, id: string, row: string | null): DataKey | undefined {
  try {
    return row === null
      ? undefined
      : { id, key: Buffer.from(box.open(`${parseJson(row)}`, CONTEXT), 'base64') };
  } catch {
    return undefined;
  }
}

/** A data key of an earlier SECRET_KEY, which a rotation has stored; undefined if it is lost. */
export const readDataKey = async (
  redis: RedisClient,
  box: SecretBox,
  id: string,
): Promise<DataKey | undefined> => unwrap(box, id, await redis.hget(keys.dataKeys, id));

/**
 * Keeps the data keys of a rotated SECRET_KEY, and of those before it: texts stay sealed with the key that
 * sealed them, and only that key is sealed again.
 */
export async function keepDataKeys(redis: RedisClient, next: SecretBox, previous: SecretBox): Promise<void> {
  for (const key of previous.dataKeys()) await redis.hset(keys.dataKeys, key.id, wrap(next, key));
  for (const [id, row] of Object.entries(await redis.hgetall(keys.dataKeys))) {
    const key = unwrap(next, id, row) ? undefined : unwrap(previous, id, row);
    if (key) await redis.hset(keys.dataKeys, id, wrap(next, key));
  }
}

/** The ids of stored data keys that this box cannot open. */
export async function lostDataKeys(redis: RedisClient, box: SecretBox): Promise<string[]> {
  const rows = Object.entries(await redis.hgetall(keys.dataKeys));
  return rows.filter(([id, row]) => !unwrap(box, id, row)).map(([id]) => id);
}
