import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../index.js';

/** The machine may be busy with other suites. */
const PATIENT = { timeoutMs: 240_000 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ workers: 2 });
});
afterAll(() => stack?.stop());

const agentWith = async (config: object) => {
  const { id } = await stack.createAgent({ name: 'A', model: 'sandbox:echo', ...config });
  return { id, ...(await stack.mintWebhook(id)) };
};
const finish = async (token: string, payload: unknown) =>
  await stack.poll((await stack.trigger(token, payload)).body.task_id, PATIENT);

test('a range that a payload makes endless fails its task, and delays no one else', async () => {
  const input_template = '{% for i in (1..payload.n) %}{{ i }}{% endfor %}';
  const hostile = await agentWith({ input_template });
  const quiet = await agentWith({});
  await finish(quiet.token, { n: 1 });
  const ended = Promise.all(Array.from({ length: 8 }, () => finish(hostile.token, { n: 1_900_000 })));
  const bystander = await finish(quiet.token, { n: 1 });
  expect(bystander).toMatchObject({ status: 'SUCCESS' });
  for (const task of [...(await ended), await finish(hostile.token, { n: 19_000_000 })]) {
    expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'internal' } } });
    expect(JSON.stringify(task.result)).toMatch(/input template|Rendering the prompt/);
  }
  const preview = await stack.request('POST', `/api/agents/${hostile.id}/preview`, {
    payload: { n: 19_000_000 },
  });
  expect(preview).toMatchObject({ status: 422, body: { code: 'invalid_template' } });
}, 300_000);

test('a filter that runs payload text as code is refused when the agent is saved', async () => {
  const refused = await stack.request('POST', '/api/agents', {
    name: 'A',
    input_template: '{{ payload.items | where_exp: "i", payload.code }}',
  });
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_template' } });
  expect(JSON.stringify(refused.body)).toContain('use where with the name of a property');
});

test('a burst of ordinary loops over large payloads succeeds, every one', async () => {
  const { token } = await agentWith({
    input_template: '{% for i in payload.items %}{{ i.text }}\n{% endfor %}',
  });
  const items = Array.from({ length: 11_000 }, (_, n) => ({
    n,
    text: `what the item ${n} says, in some more words`,
  }));
  expect(JSON.stringify({ items }).length).toBeGreaterThan(600_000);
  const tasks = await Promise.all(Array.from({ length: 40 }, () => sendLarge(token, { items })));
  const ended = await Promise.all(tasks.map((id) => stack.poll(id, PATIENT)));
  expect(ended.filter(({ status }) => status === 'SUCCESS')).toHaveLength(40);
}, 300_000);

test('very many keys are stored unchanged, while another sender is answered', async () => {
  const large = await agentWith({ input_template: 'nothing of it' });
  const quiet = await agentWith({});
  const keys = Object.fromEntries(Array.from({ length: 95_000 }, (_, n) => [`k${n}`, n % 10]));
  let done = false;
  const sending = Promise.all(Array.from({ length: 6 }, () => sendLarge(large.token, keys))).finally(() => {
    done = true;
  });
  let answered = 0;
  while (!done) {
    expect((await stack.trigger(quiet.token, { n: 1 })).status).toBe(200);
    answered += 1;
  }
  const [first] = await sending;
  expect(answered).toBeGreaterThan(10);
  const trace = await stack.request<{ payload: unknown }>('GET', `/api/tasks/${first}`);
  expect(trace.body.payload).toEqual(keys);
}, 300_000);

/** Sends a large body until it is accepted, as a sender would that is told to come again. */
async function sendLarge(token: string, payload: unknown): Promise<string> {
  for (;;) {
    const { status, body, headers } = await stack.trigger(token, payload);
    if (status === 200) return body.task_id;
    expect([429, 503]).toContain(status);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
