import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type ModelServer,
  type Stack,
  startOpenAiServer,
  startStack,
  type TaskBody,
  until,
} from '../index.js';

let stack: Stack;
let model: ModelServer;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ workers: 2, env: { OPENAI_BASE_URL: model.url, WORKER_CONCURRENCY: '2' } });
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

const cancel = (taskId: string) => stack.request<TaskBody>('POST', `/api/tasks/${taskId}/cancel`);
const cancelled = { status: 'FAILURE', result: { error: { code: 'cancelled' } }, next_attempt_at: null };

test('a task cancelled during a model call stops: the provider sees the connection close', async () => {
  const { id } = await stack.createAgent({ name: 'Hangs', model: 'compatible:m' });
  const { token } = await stack.mintWebhook(id);
  for (let n = 0; n < 4; n++) {
    const before = model.requests.length;
    model.respond({ text: 'First words.', tool_calls: [{ name: 'none', arguments: {} }] }, { hang: true });
    const { task_id } = (await stack.trigger(token, { question: 'Are you there?' })).body;
    await until('the second turn', () => model.requests.length === before + 2);
    const { status, body } = await cancel(task_id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...cancelled, attempt: 1 });
    expect(body.result).toMatchObject({ answer: 'First words.', tool_calls: [{ name: 'none' }] });
    expect(body.result.usage.output_tokens).toBeGreaterThan(0);
    await until('the closed connection', () => model.requests.at(-1)?.aborted);
    const again = await cancel(task_id);
    expect([again.status, again.body]).toMatchObject([409, { code: 'task_finished' }]);
    expect((await stack.status(task_id)).body).toEqual(body);
  }
});

test('a task that waits for its next attempt ends at once and is not retried', async () => {
  const { token } = await stack.mintWebhook((await stack.createAgent({ name: 'Retries' })).id);
  const failing = { sandbox: { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'second try' } };
  const { task_id } = (await stack.trigger(token, failing)).body;
  await until('the pause', async () => (await stack.status(task_id)).body.next_attempt_at !== null, {
    everyMs: 5,
  });
  const { body } = await cancel(task_id);
  expect(body).toMatchObject({ ...cancelled, attempt: 1 });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await stack.status(task_id)).body).toEqual(body);
});

test('a task that waits behind others never runs', async () => {
  const { id } = await stack.createAgent({ name: 'Busy' });
  const { token } = await stack.mintWebhook(id);
  const slow = { sandbox: { steps: [{ latency_ms: 1_500 }], reply: 'slow' } };
  const running = await Promise.all(Array.from({ length: 4 }, () => stack.trigger(token, slow)));
  for (const { body } of running) {
    await until(
      'all slots are taken',
      async () => (await stack.status(body.task_id)).body.status === 'STARTED',
    );
  }
  const { task_id } = (await stack.trigger(token, slow)).body;
  const { body } = await cancel(task_id);
  expect(body).toMatchObject({ ...cancelled, started_at: null, attempt: 0 });
  for (const { body } of running) expect((await stack.poll(body.task_id)).status).toBe('SUCCESS');
  const trace = await stack.request('GET', `/api/tasks/${task_id}`);
  expect(trace.body).toMatchObject({ ...cancelled, started_at: null, prompt: null, steps: [] });
});

test('a replay runs the current version, or the original one', async () => {
  const { id } = await stack.createAgent({
    name: 'Versions',
    model: 'compatible:m',
    system_prompt: 'Be old.',
  });
  const { token } = await stack.mintWebhook(id);
  const { task_id } = (await stack.trigger(token, { question: 'How are you?' })).body;
  await stack.poll(task_id);
  await stack.request('PATCH', `/api/agents/${id}`, { system_prompt: 'Be new.' });
  const told = async (body?: unknown) => {
    const {
      status,
      headers,
      body: made,
    } = await stack.request<{ task_id: string }>('POST', `/api/tasks/${task_id}/replay`, body);
    expect([status, headers.get('location')]).toEqual([201, `/api/task_status?task_id=${made.task_id}`]);
    expect(await stack.poll(made.task_id)).toMatchObject({ status: 'SUCCESS' });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('How are you?');
    return JSON.stringify(model.requests.at(-1)?.body);
  };
  expect(await told()).toContain('Be new.');
  expect(await told({ version: 'original' })).toContain('Be old.');
});
