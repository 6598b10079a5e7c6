import { freshRedis, startLossyLink, until } from '@agenthook/testing';
import { expect, test } from '@jest/globals';
import { createLogger } from './log.js';
import { openContext } from './open-context.js';

test('an api that loses its connection while it starts says so and ends, or is whole', async () => {
  const database = await freshRedis();
  await database.close();
  const url = new URL(database.url);
  const link = await startLossyLink(Number(url.port));
  url.port = String(link.port);
  const settings = {
    redisUrl: url.href,
    secretKey: 'a test key of enough length',
    shards: 1,
    resultTtlSeconds: 3600,
    connection: 'fail-fast',
  } as const;
  const came: boolean[] = [];
  try {
    for (let answers = 0; answers < 16; answers++) {
      void link.loseNextAnswer(answers);
      const opened = await openContext(settings, createLogger('test', 'silent')).catch(() => undefined);
      came.push(opened !== undefined);
      if (!opened) continue;
      const { ctx, close } = opened;
      try {
        for (const queue of [...ctx.queues, ...ctx.callbacks])
          await until(`${queue.name} answers, ${answers}`, () => queue.getJobCounts());
      } finally {
        await close(1_000);
      }
    }
  } finally {
    await link.close();
  }
  expect(new Set(came)).toEqual(new Set([true, false]));
}, 120_000);
