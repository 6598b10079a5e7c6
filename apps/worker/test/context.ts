import { createRunAgent } from '@agenthook/agent';
import { createBounded } from '@agenthook/bounded';
import { createLogger, openContext } from '@agenthook/core';
import { createEgress } from '@agenthook/egress';
import { freshRedis } from '@agenthook/testing';

/** A context like a worker process's, on this Jest worker's own empty Redis database. */
export async function openTestContext(): ReturnType<typeof openContext> {
  const redis = await freshRedis();
  await redis.close();
  return await contextOn(redis.url);
}

/** The same on the database at this URL, without emptying it. */
export const contextOn = (
  redisUrl: string,
  connection: 'patient' | 'fail-fast' = 'patient',
): ReturnType<typeof openContext> =>
  openContext(
    {
      redisUrl,
      secretKey: 'a test key of enough length',
      shards: 1,
      resultTtlSeconds: 3600,
      connection,
    },
    createLogger('test', 'silent'),
  );

/** Runs agents without tools, with the real runner. */
export const runAgentWithoutTools = (settings: Parameters<typeof createRunAgent>[0] = {}) =>
  createRunAgent(settings, {
    egress: createEgress({ allow: [] }),
    kinds: {},
    bounded: createBounded(),
    onDefect: () => undefined,
  });
