import { postOf } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { overLossyLink, testContext } from '../../test/context.js';
import { createAgent } from '../agents/create-agent.js';
import { mintWebhook } from '../agents/mint-webhook.js';
import { taskStatus } from '../tasks/status.js';
import { receive } from './receive.js';
import { resolveWebhook } from './resolve-webhook.js';

let env: Awaited<ReturnType<typeof testContext>>;
let api: Awaited<ReturnType<typeof overLossyLink>>;
let token: string;

beforeEach(async () => {
  env = await testContext();
  api = await overLossyLink(env.ctx, 'fail-fast');
  const { id } = await createAgent(env.ctx, { name: 'a' }, 'sandbox:echo');
  token = (await mintWebhook(env.ctx, id, 0)).token;
  // Redis has cached the scripts from here on, so the first answer is not NOSCRIPT.
  await send(() => undefined);
});
afterEach(async () => {
  await api?.close();
  await env?.close();
});

async function send(beforeAdding: () => Promise<void> | undefined, key?: string) {
  const webhook = await resolveWebhook(api.ctx, token);
  if (!webhook) throw new Error('the token opens nothing');
  const lost = beforeAdding();
  const headers = { 'idempotency-key': key };
  const outcome = receive(api.ctx, webhook, postOf('{}', headers));
  await lost;
  return await outcome;
}
/** Posts an event. The answer to the command that adds the task is lost with the connection. */
const receiveWithLoss = (key?: string) => send(api.loseNextAnswer, key);

test('a task that Redis has is acknowledged, though its answer was lost with the connection', async () => {
  const outcome = await receiveWithLoss();
  expect(outcome).toEqual({ outcome: 'accepted', task_id: expect.any(String) });
  const { task_id } = outcome as { task_id: string };
  expect(await taskStatus(env.ctx, task_id)).toMatchObject({ status: 'PENDING' });
  expect(await env.ctx.queues[0]?.getJobCountByTypes('prioritized')).toBe(2);
});

test('a retry whose answer was lost adds nothing, and is told to come again', async () => {
  const first = await receiveWithLoss('k');
  expect(first.outcome).toBe('accepted');
  await expect(receiveWithLoss('k')).rejects.toThrow();
  expect(await env.ctx.queues[0]?.getJobCountByTypes('prioritized')).toBe(2);
});
