import {
  checkEnvironment,
  connectRedis,
  createLogger,
  type RedisClient,
  WorkerEnvironment,
} from '@agenthook/core';
import { UserError } from '../user-error.js';
import { operateEnvironment } from './environment.js';

/** How long to try to reach Redis, in ms. */
const REACH_MS = 5_000;

/** The settings of this machine that an operator's command needs. */
export interface OperateSettings {
  redisUrl: string;
  secretKey: string;
  previousSecretKey: string | undefined;
  resultTtlSeconds: number;
}

/** Reads them. Throws UserError with one line for a missing or bad value. */
export function readOperateSettings(root: string, processEnv: NodeJS.ProcessEnv): OperateSettings {
  const { values, problems } = checkEnvironment(WorkerEnvironment, operateEnvironment(root, processEnv));
  const { REDIS_URL, SECRET_KEY, SECRET_KEY_PREVIOUS, RESULT_TTL_SECONDS } = values;
  if (REDIS_URL === undefined || SECRET_KEY === undefined || RESULT_TTL_SECONDS === undefined)
    throw new UserError(problems[0] ?? 'the environment of a worker is needed');
  return {
    redisUrl: REDIS_URL,
    secretKey: SECRET_KEY,
    previousSecretKey: SECRET_KEY_PREVIOUS,
    resultTtlSeconds: RESULT_TTL_SECONDS,
  };
}

/** Runs `work` with a connection that waits for Redis. Throws UserError if it cannot be reached. */
export async function withRedis<T>(redisUrl: string, work: (redis: RedisClient) => Promise<T>): Promise<T> {
  const log = createLogger('operate', 'silent');
  const redis = await connectRedis(redisUrl, 'patient', log, REACH_MS).catch((error: Error) => {
    throw new UserError(error.message);
  });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Prints at most every half second, so that progress does not fill a log. */
export function progressLine(what: string): (done: number, of: number) => void {
  let shown = performance.now();
  return (done, of) => {
    if (done < of && performance.now() - shown < 500) return;
    shown = performance.now();
    console.log(`${what}: ${done} of ${of}`);
  };
}
