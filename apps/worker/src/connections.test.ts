import { createAgent, mintWebhook, taskStatus, trigger } from '@agenthook/core';
import { freshRedis, postOf, startLossyLink, until } from '@agenthook/testing';
import { test } from '@jest/globals';
import { contextOn, runAgentWithoutTools } from '../test/context.js';
import { buildWorker } from './task-worker.js';

// The first answers to a starting worker: the handshake of its blocking connection, and its first look for
// tasks.
test.each([0, 1, 2, 3, 4])(
  'a worker that loses its connections while it starts, after %i answers, runs tasks',
  async (answers) => {
    const database = await freshRedis();
    await database.close();
    const url = new URL(database.url);
    const link = await startLossyLink(Number(url.port));
    const near = await contextOn(url.href);
    url.port = String(link.port);
    const far = await contextOn(url.href);
    const lost = link.loseNextAnswer(answers);
    const worker = buildWorker(far.ctx, runAgentWithoutTools(), 10);
    try {
      await lost;
      const agent = await createAgent(near.ctx, { name: 'Reached' }, 'sandbox:echo');
      const { token } = await mintWebhook(near.ctx, agent.id, 0);
      for (const body of ['{}', '{"n":2}']) {
        const delivery = { token, ...postOf(body) };
        const outcome = await trigger(near.ctx, delivery);
        if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
        const ended = async () => (await taskStatus(near.ctx, outcome.task_id))?.status === 'SUCCESS';
        await until('the task ends', ended, { timeoutMs: 15_000 });
      }
    } finally {
      await worker.stop(5_000);
      await far.close(1_000);
      await near.close(1_000);
      await link.close();
    }
  },
);
