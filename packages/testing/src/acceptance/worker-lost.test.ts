import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack, until } from '../index.js';

let stack: Stack;
let model: ModelServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ env: { OPENAI_BASE_URL: model.url } });
});

afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

test('a task under which four workers die is given up as worker_lost', async () => {
  const { token } = await stack.mintWebhook(
    (await stack.createAgent({ name: 'Deadly', model: 'compatible:test-model' })).id,
  );
  const { body } = await stack.trigger(token, { question: 'What kills you?' });
  for (let death = 1; death <= 4; death++) {
    model.respond({ hang: true });
    await until(`run ${death}`, () => model.requests.length === death, { timeoutMs: 40_000 });
    expect((await stack.status(body.task_id)).body.status).toBe('STARTED');
    const next = stack.startWorker();
    stack.workers[death - 1]?.signal('SIGKILL');
    await next;
  }
  const task = await stack.poll(body.task_id, { timeoutMs: 40_000 });
  expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'worker_lost' } } });
  expect(model.requests).toHaveLength(4);
}, 150_000);
