import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack } from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';

let stack: Stack;
let crm: HttpServer;

beforeAll(async () => {
  crm = await startHttpServer((_request, response) => sendJson(response, { balance: 'PRIVATE-4711' }));
  stack = await sharedStack();
});
afterAll(async () => {
  await crm?.close();
});

const script = {
  sandbox: {
    steps: [{ text: 'First.', tokens: 3 }, { tool: { name: 'look_up', arguments: {} } }],
    reply: 'Done.',
  },
};

/** An agent without a model of its own, with a tool, and its webhook. */
async function agentWith(config: object = {}) {
  const tools = [{ type: 'http', name: 'look_up', url: `${crm.url}/customers/1` }];
  const { id } = await stack.createAgent({ name: 'Support', tools, ...config });
  return { id, ...(await stack.mintWebhook(id)) };
}

const refused = {
  status: 'SUCCESS',
  result: { tool_calls: [], answer: expect.stringMatching(/no tool was called.*sandbox_tools/), steps: 2 },
};
const played = {
  status: 'SUCCESS',
  result: { answer: 'Done.', tool_calls: [{ name: 'look_up', error: null }] },
};

const made = async (path: string, body: object = {}) => {
  const answer = await stack.request<{ task_id: string }>('POST', path, body);
  expect(answer.status).toBeLessThan(300);
  return await stack.poll(answer.body.task_id);
};

test('a payload without a key calls no tools, and gains no right by being replayed or accepted', async () => {
  const { id, token } = await agentWith({ input_schema: { required: ['ticket'] } });
  crm.calls.length = 0;
  const { task_id } = (await stack.trigger(token, { ...script, ticket: 1 })).body;
  expect(await stack.poll(task_id)).toMatchObject(refused);
  expect(await made(`/api/tasks/${task_id}/replay`)).toMatchObject(refused);
  expect(await made(`/api/tasks/${task_id}/replay`, { version: 'original' })).toMatchObject(refused);

  expect((await stack.trigger(token, script)).status).toBe(422);
  await stack.request('PATCH', `/api/agents/${id}`, { input_schema: null });
  const rejections = await stack.request<{ rejections: { id: string }[] }>(
    'GET',
    `/api/agents/${id}/rejections`,
  );
  const path = `/api/agents/${id}/rejections/${rejections.body.rejections[0]?.id}/accept`;
  expect(await made(path)).toMatchObject(refused);
  expect(crm.calls).toEqual([]);
});

test('a test sent with a key calls tools, and so does its replay', async () => {
  const { id } = await agentWith();
  crm.calls.length = 0;
  const { body } = await stack.request<{ task_id: string }>('POST', `/api/agents/${id}/test`, {
    payload: script,
  });
  expect(await stack.poll(body.task_id)).toMatchObject(played);
  expect(await made(`/api/tasks/${body.task_id}/replay`)).toMatchObject(played);
  expect(crm.calls).toHaveLength(2);
});

test('an agent may let every payload call tools', async () => {
  const { token } = await agentWith({ sandbox_tools: true });
  const { body } = await stack.trigger(token, script);
  expect(await stack.poll(body.task_id)).toMatchObject(played);
});
