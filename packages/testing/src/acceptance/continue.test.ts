import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack, until } from '../index.js';

let model: ModelServer;
let stack: Stack;
/** The requests that the shop got. */
const calls: string[] = [];
const shop = createServer((request, response) => {
  calls.push(request.url ?? '');
  if (request.url === '/hang') return;
  response.setHeader('content-type', 'application/json').end('{"ok": true}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  model = await startOpenAiServer();
  const env = { OPENAI_BASE_URL: model.url, EGRESS_ALLOW: '127.0.0.1', TASK_LOCK_SECONDS: '3' };
  stack = await startStack({ env });
});
beforeEach(() => {
  calls.length = 0;
  model.requests.length = 0;
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
  shop.closeAllConnections();
  shop.close();
});

interface Trace {
  task_id: string;
  status: string;
  trigger: string;
  via: string;
  steps: { attempt: number; tool_calls: { name: string }[] }[];
  notes: { text: string }[];
  prompt: { user: string };
  result: { answer: string; tool_calls: { name: string }[]; usage: { total_tokens: number } };
  continued_from?: string;
  continued_by: string[];
  replayed_from?: string;
  from_step?: number;
  replays: string[];
}
const traceOf = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;
const goOn = (id: string, body: object = {}) =>
  stack.request<{ task_id: string; code: string; detail: string }>('POST', `/api/tasks/${id}/continue`, body);
const replay = (id: string, body: object) =>
  stack.request<{ task_id: string; code: string; detail: string }>('POST', `/api/tasks/${id}/replay`, body);
const ask = (name: string) => ({ tool_calls: [{ name, arguments: {} }] });

async function shopAgent(limits: Record<string, unknown> = {}) {
  const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const { id } = await stack.createAgent({
    name: 'Shop',
    model: 'compatible:test-model',
    input_template: 'Order {{ payload.order }}',
    tools: ['charge', 'look', 'hang'].map((name) => ({
      type: 'http',
      name,
      method: 'POST',
      url: `${url}/${name}`,
    })),
    limits: { max_attempts: 1, ...limits },
  });
  const { token } = await stack.mintWebhook(id);
  return { id, trigger: async () => (await stack.trigger(token, { order: 7 })).body.task_id };
}

/** A task that charged, and then failed because the model was not available. */
async function failedAfterCharge(limits: Record<string, unknown> = {}) {
  const agent = await shopAgent(limits);
  model.respond(ask('charge'), { status: 500 });
  const id = await agent.trigger();
  expect(await stack.poll(id)).toMatchObject({
    status: 'FAILURE',
    result: { error: { code: 'model_unavailable' } },
  });
  expect(calls).toEqual(['/charge']);
  return { id, agent };
}

test('a failed run goes on: what it finished is told and not made again, and the runs name each other', async () => {
  const { id } = await failedAfterCharge();
  const asked = model.requests.length;
  model.respond(ask('look'), { text: 'Charged and seen.' });
  const { status, body } = await goOn(id, {
    note: 'The shop is open again.',
    model: 'compatible:other-model',
  });
  expect(status).toBe(201);
  const ended = await stack.poll(body.task_id);
  expect(ended).toMatchObject({ status: 'SUCCESS', result: { answer: 'Charged and seen.', steps: 3 } });
  expect(calls).toEqual(['/charge', '/look']);

  const [first, second] = model.requests
    .slice(asked)
    .map(({ body }) => body as { model: string; messages: { role: string; content: unknown }[] });
  expect(first?.model).toBe('other-model');
  expect(first?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
  expect(JSON.stringify(first?.messages.at(-1))).toContain('The shop is open again.');
  // In the same place at the next turn.
  expect(second?.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'user',
    'assistant',
    'tool',
  ]);
  // All data is in the same tags.
  const tags = JSON.stringify(first?.messages).match(/<data-[0-9a-z]+>/g) ?? [];
  expect(new Set(tags).size).toBe(1);

  const trace = await traceOf(body.task_id);
  expect(trace).toMatchObject({ trigger: 'continue', via: 'continue', continued_from: id });
  expect(trace.steps.map(({ attempt }) => attempt)).toEqual([0, 1, 1]);
  expect(trace.notes[0]?.text).toContain(
    '1 of its steps were copied. The model was told: The shop is open again.',
  );
  expect(trace.result.tool_calls.map(({ name }) => name)).toEqual(['charge', 'look']);
  const before = await traceOf(id);
  expect(before).toMatchObject({ continued_by: [body.task_id], status: 'FAILURE' });
  // Tokens are counted with the task that used them.
  expect(trace.prompt).toEqual(before.prompt);
});

test('a run that used up its turns goes on with as many again; its tokens are not counted twice', async () => {
  const agent = await shopAgent({ max_steps: 1 });
  model.respond(ask('charge'), { text: 'Done.' });
  const id = await agent.trigger();
  const failed = await stack.poll(id);
  expect(failed).toMatchObject({ status: 'FAILURE', result: { error: { code: 'max_steps' } } });
  const { body } = await goOn(id);
  const ended = await stack.poll(body.task_id);
  expect(ended).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
  expect(calls).toEqual(['/charge']);
  const listed = (await traceOf(body.task_id)).steps as unknown as {
    input_tokens: number;
    output_tokens: number;
  }[];
  const own = listed[1];
  expect(ended.result.usage.total_tokens).toBe((own?.input_tokens ?? 0) + (own?.output_tokens ?? 0));
});

test('a call that was under way is not repeated, and the model is told', async () => {
  const agent = await shopAgent({ timeout_seconds: 2 });
  model.respond(ask('hang'), { text: 'I do not know whether it worked.' });
  const id = await agent.trigger();
  expect(await stack.poll(id)).toMatchObject({ result: { error: { code: 'timeout' } } });
  const { body } = await goOn(id, { limits: { timeout_seconds: 60 } });
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
  expect(calls).toEqual(['/hang']);
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('it is not known whether it took effect');
});

test('a continued run survives its worker, and can be continued itself', async () => {
  const { id } = await failedAfterCharge();
  model.respond(ask('look'), { hang: true }, { status: 500 });
  const asked = model.requests.length;
  const { body } = await goOn(id);
  await until('its worker waits for the model', () => model.requests.length === asked + 2);
  stack.workers.at(-1)?.signal('SIGKILL');
  await stack.startWorker();
  expect(await stack.poll(body.task_id, { timeoutMs: 60_000 })).toMatchObject({ status: 'FAILURE' });
  model.respond({ text: 'At last.' });
  const again = await goOn(body.task_id);
  expect(await stack.poll(again.body.task_id)).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'At last.' },
  });
  expect(calls).toEqual(['/charge', '/look']);
  expect((await traceOf(again.body.task_id)).steps.map(({ attempt }) => attempt)).toEqual([0, 0, 1]);
});

test('a replay from a step makes that step and the later ones again, and no earlier one', async () => {
  const agent = await shopAgent();
  model.respond(ask('charge'), ask('look'), { text: 'Seen.' });
  const id = await agent.trigger();
  expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS' });
  calls.length = 0;
  model.respond(ask('look'), { text: 'Seen again.' });
  const { body } = await replay(id, { from_step: 2 });
  expect(await stack.poll(body.task_id)).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'Seen again.' },
  });
  expect(calls).toEqual(['/look']);
  expect(await traceOf(body.task_id)).toMatchObject({ trigger: 'replay', replayed_from: id, from_step: 2 });
  expect(await traceOf(id)).toMatchObject({ replays: [body.task_id] });

  calls.length = 0;
  model.respond(ask('charge'), { text: 'From the start.' });
  const whole = await replay(id, { from_step: 1 });
  expect(await stack.poll(whole.body.task_id)).toMatchObject({ result: { answer: 'From the start.' } });
  expect(calls).toEqual(['/charge']);

  const none = await replay(id, { from_step: 4 });
  expect([none.status, none.body.code]).toEqual([400, 'invalid_request']);
  expect(none.body.detail).toContain('There is no step 4 to replay from: the task has 3.');
});

test('what cannot go on is refused with the reason', async () => {
  const agent = await shopAgent();
  model.respond({ hang: true });
  const id = await agent.trigger();
  const early = await goOn(id);
  expect([early.status, early.body.code]).toEqual([409, 'task_not_finished']);
  await stack.request('POST', `/api/tasks/${id}/cancel`);
  await stack.poll(id);
  const unknown = await goOn(id, { model: 'nobody:model' });
  expect([unknown.status, unknown.body.code]).toEqual([422, 'unknown_model']);
  expect((await goOn(id, { limits: { max_concurrency: 3 } })).status).toBe(400);
  await stack.request('DELETE', `/api/tasks/${id}`);
  const gone = await goOn(id);
  expect([gone.status, gone.body.code]).toEqual([404, 'unknown_task']);

  const { id: failed, agent: other } = await failedAfterCharge();
  await stack.request('PATCH', `/api/agents/${other.id}`, { status: 'disabled' });
  expect((await goOn(failed)).status).toBe(403);
});
