import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack } from '../index.js';
import { type HttpServer, sendJson, startHttpServer } from '../tool-servers/http-server.js';

let stack: Stack;
let shop: HttpServer;
/** The `authorization` header of each request. */
const keys: (string | undefined)[] = [];

beforeAll(async () => {
  shop = await startHttpServer((request, response) => {
    keys.push(request.headers.authorization);
    sendJson(response, { ok: true });
  });
  stack = await sharedStack();
});
afterAll(() => shop?.close());

interface Tested {
  status: number;
  code: string;
  errors: { path: string }[];
  task_id: string;
  ran: { version: number; draft: boolean; model: string };
  answer: { status: number; body: { code: string } };
}

const post = <T>(path: string, body: object, key?: string) =>
  stack.request<T>('POST', path, body, key === undefined ? {} : { authorization: `Bearer ${key}` });
const tool = (path: string) => ({
  type: 'http',
  name: 'look_up',
  url: `${shop.url}${path}`,
  headers: { authorization: 'Bearer {{ secrets.KEY }}' },
});
const calling = { sandbox: { steps: [{ tool: { name: 'look_up', arguments: {} } }], reply: 'Done.' } };

async function shopAgent() {
  const { id } = await stack.createAgent({
    name: 'Saved',
    system_prompt: 'As saved.',
    model: 'sandbox:echo',
    tools: [{ ...tool('/saved'), secrets: { KEY: 'the stored key' } }],
    callback: { url: `${shop.url}/callback` },
  });
  return { id, test: (body: object, key?: string) => post<Tested>(`/api/agents/${id}/test`, body, key) };
}

test('a draft runs with the saved secrets, makes no version, and calls no one back', async () => {
  const agent = await shopAgent();
  shop.calls.length = 0;
  keys.length = 0;
  const { body } = await agent.test({
    payload: calling,
    configuration: { system_prompt: 'As drafted.', tools: [{ ...tool('/draft'), secrets: { KEY: true } }] },
  });
  expect(body.ran).toEqual({ version: 1, draft: true, model: 'sandbox:echo' });
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS', result: { answer: 'Done.' } });
  expect(keys).toEqual(['Bearer the stored key']);
  expect(shop.calls.map(({ path }) => path)).toEqual(['/draft']);
  const trace = (await stack.request('GET', `/api/tasks/${body.task_id}`)).body;
  expect(trace).toMatchObject({ agent_version: 1, draft: true, trigger: 'test' });
  expect(trace.prompt).toMatchObject({ system: expect.stringContaining('As drafted.') });
  expect(JSON.stringify(trace)).not.toContain('the stored key');

  const saved = (await stack.request('GET', `/api/agents/${agent.id}`)).body;
  expect(saved).toMatchObject({ version: 1, system_prompt: 'As saved.' });
  const versions = await stack.request<{ versions: object[] }>('GET', `/api/agents/${agent.id}/versions`);
  expect(versions.body.versions).toHaveLength(1);

  const original = await post<Tested>(`/api/tasks/${body.task_id}/replay`, { version: 'original' });
  await stack.poll(original.body.task_id);
  const current = await post<Tested>(`/api/tasks/${body.task_id}/replay`, {});
  await stack.poll(current.body.task_id);
  expect(shop.calls.filter(({ path }) => path !== '/callback').map(({ path }) => path)).toEqual([
    '/draft',
    '/draft',
    '/saved',
  ]);
  // The callback of the last run proves that none was sent for the others, which ended before.
  const { body: told } = await stack.request<{ callbacks: { task_id: string }[] }>(
    'GET',
    `/api/agents/${agent.id}/callbacks`,
  );
  expect(told.callbacks.map(({ task_id }) => task_id)).not.toContain(body.task_id);
});

test('without a change, the saved version runs, and the answer says so', async () => {
  const agent = await shopAgent();
  const unchanged = { system_prompt: 'As saved.', tools: [{ ...tool('/saved'), secrets: { KEY: true } }] };
  for (const configuration of [undefined, {}, unchanged]) {
    const { body } = await agent.test({ payload: 1, ...(configuration && { configuration }) });
    expect(body.ran).toEqual({ version: 1, draft: false, model: 'sandbox:echo' });
    const trace = (await stack.request('GET', `/api/tasks/${body.task_id}`)).body;
    expect(trace).not.toHaveProperty('draft');
  }
});

test('a draft is checked as a save is, and events as the draft says', async () => {
  const agent = await shopAgent();
  const refusal = async (configuration: object) => (await agent.test({ payload: 1, configuration })).body;
  expect(await refusal({ model: 'nobody:x' })).toMatchObject({
    status: 422,
    code: 'unknown_model',
    errors: [{ path: '/configuration/model' }],
  });
  expect(await refusal({ system_prompt: '{{ payload' })).toMatchObject({ code: 'invalid_template' });
  expect(await refusal({ tools: [tool('/draft')] })).toMatchObject({ code: 'invalid_tools' });
  expect(await refusal({ tools: [{ ...tool('/draft'), name: 'b', secrets: { KEY: true } }] })).toMatchObject({
    code: 'invalid_request',
    errors: [{ path: '/configuration/tools/0/secrets/KEY' }],
  });
  expect(await refusal({ no_field: 1 })).toMatchObject({ status: 400, code: 'invalid_request' });
  const strict = { input_schema: { type: 'object', required: ['n'] } };
  const misfit = (await agent.test({ payload: {}, configuration: strict })).body;
  expect(misfit).toMatchObject({ task_id: null, answer: { status: 422, body: { code: 'invalid_payload' } } });
  expect(
    (await agent.test({ payload: {}, configuration: { input_schema: { type: 'object' } } })).body,
  ).toMatchObject({ answer: { status: 200 } });
  const secret = 'a github secret of some length';
  const signature = { signature: { scheme: 'github', secret } };
  const signed = (await agent.test({ payload: {}, send: 'signed', configuration: signature })).body;
  expect(signed).toMatchObject({ answer: { status: 200 }, ran: { draft: true } });
});

test('who may not change the agent may try another model of it, and nothing else', async () => {
  const agent = await shopAgent();
  const { body: made } = await post<{ key: string }>('/api/keys', { name: 'o', role: 'operator' });
  const other = await agent.test({ payload: 1, configuration: { model: 'openai:gpt-5-mini' } }, made.key);
  expect(other.body.ran).toEqual({ version: 1, draft: true, model: 'openai:gpt-5-mini' });
  const more = await agent.test(
    { payload: 1, configuration: { model: 'openai:gpt-5-mini', tools: [] } },
    made.key,
  );
  expect(more.body).toMatchObject({ status: 403, code: 'forbidden' });
});
