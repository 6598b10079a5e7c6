import { every } from '@agenthook/async';
import type { Logger } from 'pino';
import { summarizeAgents } from './agents/stored/summarize-agents.js';
import { raiseDataVersionScript } from './raise-data-version.script.js';
import { openAnew, type RedisClient } from './redis/connect.js';
import { keys } from './redis/keys.js';
import { isRedisUnavailable } from './redis/unavailable.js';

/**
 * Each brings the data to the next version: the first from what was stored before data had a version. A
 * migration may run more than once, in several processes at a time, and beside processes of the version
 * before it, which must still read what it leaves.
 */
const MIGRATIONS: readonly ((redis: RedisClient) => Promise<void>)[] = [summarizeAgents];

/** The version of the data that this program writes. */
export const DATA_VERSION = MIGRATIONS.length;

/** How often to try again while Redis stores nothing, in ms. */
const RETRY_MS = 2_000;

/**
 * Checks the version of the data in Redis, and migrates older data. If Redis stores nothing at the moment,
 * that is done later: this program reads older data too.
 *
 * @returns a function that ends the retries
 * @throws one line for the person who starts the process, if a newer program has written the data
 */
export async function claimDataVersion(redis: RedisClient, log: Logger): Promise<() => void> {
  const stored = await versionIn(redis);
  if (stored === DATA_VERSION || (await migrated(redis, stored, log))) return () => {};
  const retry = async () => {
    if (await migrated(redis, await versionIn(redis), log)) stop();
  };
  const stop = every(RETRY_MS, retry, (error) => log.warn({ err: error }, 'the data was not migrated'));
  return stop;
}

/** The version of the data; 0 if it has none. Throws if this program cannot read the data. */
async function versionIn(redis: RedisClient): Promise<number> {
  const text = await redis.get(keys.dataVersion);
  const version = Number(text ?? 0);
  if (!Number.isSafeInteger(version) || version < 0)
    throw new Error(
      `The version of the data in Redis, "${text?.slice(0, 40)}", is no number: restore a backup, or start the ` +
        'version of AgentHook that wrote it.',
    );
  if (version > DATA_VERSION)
    throw new Error(
      `The data in Redis has version ${version}, but this AgentHook reads versions up to ${DATA_VERSION}. Start ` +
        'the newer version again, or restore a backup from before the upgrade.',
    );
  return version;
}

/** Runs the migrations that are missing. Returns false if Redis stores nothing at the moment. */
async function migrated(redis: RedisClient, from: number, log: Logger): Promise<boolean> {
  try {
    // A worker's own connection would wait until Redis stores.
    await openAnew(redis, async (fresh) => {
      for (const [version, migrate] of MIGRATIONS.entries()) {
        if (version < from) continue;
        await migrate(fresh);
        await raiseDataVersionScript(fresh, { key: keys.dataVersion }, { version: version + 1 });
      }
    });
    log.info({ from, to: DATA_VERSION }, 'the data was migrated');
    return true;
  } catch (error) {
    if (isRedisUnavailable(error)) return false;
    throw error;
  }
}
