import { sleep } from '@agenthook/async';
import type { ChainableCommander } from 'ioredis';
import type { RedisClient } from './connect.js';
import { refusesForNow } from './unavailable.js';

const PAUSE_MS = 500;

/**
 * Runs commands as one transaction, and returns their answers in order. Throws the first error of a command.
 *
 * If Redis refuses one of them for now, it runs none. On a connection that waits for Redis, as a worker's
 * does (see wait-refused.ts), all are then sent again until Redis accepts them.
 *
 * @param add adds the commands to a new transaction
 */
export async function transact(
  redis: RedisClient,
  add: (batch: ChainableCommander) => ChainableCommander,
): Promise<unknown[]> {
  const isPatient = redis.options.maxRetriesPerRequest === null;
  for (;;) {
    try {
      const answers = (await add(redis.multi()).exec()) ?? [];
      return answers.map(([error, answer]) => {
        if (error) throw error;
        return answer;
      });
    } catch (error) {
      if (!isPatient || !refusesForNow(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
