import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ModelServer, type Stack, startOpenAiServer, startStack } from '../index.js';

let model: ModelServer;
let stack: Stack;

beforeAll(async () => {
  model = await startOpenAiServer();
  stack = await startStack({ env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.url } });
});
afterAll(async () => {
  await stack?.stop();
  await model?.close();
});

const pageAt = (page: string) => readFile(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8');

/** Runs the shell lines of a page as a reader would, but stops at the first error. Returns their output. */
async function run(page: string, variables: Record<string, string> = {}): Promise<string> {
  const blocks = [...(await pageAt(page)).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, body]) => body);
  expect(blocks.length).toBeGreaterThan(0);
  const { PATH = '' } = process.env;
  const env = { PATH, API: stack.url, ADMIN_API_KEY: stack.adminKey, ...variables };
  const command = promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
    env,
    timeout: 90_000,
  });
  return (await command).stdout;
}

async function agentWithTask(fields: Record<string, unknown> = {}) {
  const agent = await stack.createAgent({ name: 'Of a page', ...fields });
  const { webhook_url } = await stack.mintWebhook(agent.id);
  return { AGENT_ID: agent.id, WEBHOOK_URL: webhook_url };
}

test('start/quickstart.md ends with a result', async () => {
  const printed = await run('start/quickstart.md');
  expect(printed).toMatch(/^agt_\w+ http/m);
  expect(printed).toMatch(/"status":"SUCCESS".*no model was called/);
});

test('start/first-real-agent.md ends with the JSON that it asks a model for', async () => {
  model.respond({ text: '{"category": "hardware", "urgent": true}' });
  const printed = await run('start/first-real-agent.md');
  expect(printed).toMatch(/"provider":"openai",[^}]*"configured":true/);
  expect(printed).toMatch(/"user":"From <data-/);
  expect(printed).toMatch(/"output":\{"category":"hardware","urgent":true\}/);
});

test('guides/senders/any-sender.md creates a task, and a second one with a key', async () => {
  const { WEBHOOK_URL } = await agentWithTask();
  const printed = await run('guides/senders/any-sender.md', { WEBHOOK_URL });
  expect(printed.match(/"task_id":"/g)).toHaveLength(2);
});

test('guides/agents/schedules.md saves schedules, lists them and runs one', async () => {
  const { AGENT_ID } = await agentWithTask();
  const printed = await run('guides/agents/schedules.md', { AGENT_ID });
  expect(printed).toMatch(/"next_runs":\["2098-12-31T15:00:00.000Z"\]/);
  const [, taskId = ''] = /"task_id":"([^"]+)"/.exec(printed.slice(printed.lastIndexOf('"task_id"'))) ?? [];
  expect(await stack.poll(taskId)).toMatchObject({ status: 'SUCCESS' });
});

test('guides/results/go-on.md continues a failed run, and replays it from a step', async () => {
  const { WEBHOOK_URL } = await agentWithTask({
    model: 'compatible:test-model',
    tools: [{ type: 'memory', name: 'notes' }],
    limits: { max_attempts: 1 },
  });
  const recall = { name: 'notes_recall', arguments: { query: 'a' } };
  model.respond({ tool_calls: [recall] }, { status: 500 }, { text: 'Done.' }, { text: 'Done.' });
  const { task_id: TASK_ID } = (await stack.trigger(WEBHOOK_URL, {})).body;
  expect(await stack.poll(TASK_ID)).toMatchObject({ status: 'FAILURE' });
  const printed = await run('guides/results/go-on.md', { TASK_ID });
  const ids = [...printed.matchAll(/"task_id":"([^"]+)"/g)].map(([, id]) => id ?? '');
  expect(ids).toHaveLength(2);
  for (const id of ids) expect(await stack.poll(id)).toMatchObject({ status: 'SUCCESS' });
});

test('guides/agents/schemas-and-limits.md and try-out.md change and try an agent', async () => {
  const { AGENT_ID } = await agentWithTask({ signature: { scheme: 'github', secret: 'a secret' } });
  expect(await run('guides/agents/schemas-and-limits.md', { AGENT_ID })).toMatch(/"max_concurrency":5/);
  // The schema of the first page needs another payload than the second one sends.
  await stack.request('PATCH', `/api/agents/${AGENT_ID}`, { input_schema: null });
  expect(await run('guides/agents/try-out.md', { AGENT_ID })).toMatch(/"x-hub-signature-256":.*"status":200/);
});

test('guides/agents/conversations.md continues a conversation, reads and deletes it', async () => {
  const variables = await agentWithTask();
  const printed = await run('guides/agents/conversations.md', variables);
  expect(printed).toMatch(/"events":2,.*"turns":\[/s);
  const list = await stack.request('GET', `/api/conversations?agent_id=${variables.AGENT_ID}`);
  expect(list.body).toMatchObject({ conversations: [] });
});

test('guides/agents/bursts.md makes one task of two events', async () => {
  const printed = await run('guides/agents/bursts.md', await agentWithTask());
  const ids = [...printed.matchAll(/"task_id":"([^"]+)"/g)].map(([, id]) => id ?? '');
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  expect((await stack.poll(ids[0] ?? '')).status).toBe('SUCCESS');
  const { body } = await stack.request('GET', `/api/tasks/${ids[0]}`);
  expect(body.payload).toMatchObject({ events: [{ text: 'Hel' }, { text: 'Hello' }] });
});

test('guides/agents/agents-as-tools.md lets one agent call another', async () => {
  const printed = await run('guides/agents/agents-as-tools.md');
  const [, taskId = ''] = /"task_id":"([^"]+)"/.exec(printed) ?? [];
  expect(await stack.poll(taskId)).toMatchObject({
    status: 'SUCCESS',
    result: {
      answer: 'Ada has two open orders.',
      tool_calls: [{ name: 'research', error: null, result: expect.stringContaining('Ada') }],
    },
  });
});

test('guides/results/destinations.md saves destinations, and shows no secret', async () => {
  const printed = await run('guides/results/destinations.md', await agentWithTask());
  expect(printed).toMatch(/"destinations":\[\{"type":"github",.*"secrets":\{"token":true\}/);
});

test('guides/agents/docsgpt.md changes the shape of results, and keeps a token', async () => {
  const { AGENT_ID } = await agentWithTask();
  const TOKEN = 'nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g';
  const printed = await run('guides/agents/docsgpt.md', { AGENT_ID, TOKEN });
  expect(printed).toMatch(/"result_shape":"docsgpt"/);
  expect(printed).toMatch(/"success":true,"task_id":"/);
});

test('guides/results/answer-with-the-result.md answers with results', async () => {
  const printed = await run('guides/results/answer-with-the-result.md', await agentWithTask());
  expect(printed).toMatch(/^preference-applied: wait=30\r?$/im);
  expect(printed).toMatch(/"status":"SUCCESS"/);
  expect(printed).toMatch(/<Response><Message>.*no model was called.*<\/Message><\/Response>/s);
});

test('guides/results show the result, callbacks and rejections', async () => {
  const { AGENT_ID, WEBHOOK_URL } = await agentWithTask();
  const { body } = await stack.trigger(WEBHOOK_URL, { question: 'Why?' });
  expect(await run('guides/results/poll-and-stream.md', { TASK_ID: body.task_id })).toMatch(
    /"status":"SUCCESS"/,
  );
  const callbacks = await run('guides/results/callbacks.md', { AGENT_ID });
  expect(callbacks.match(/"secret":"whsec_/g)).toHaveLength(2);
  await stack.trigger(WEBHOOK_URL, '{');
  expect(await run('guides/results/refused-requests.md', { AGENT_ID })).toMatch(/"code":"invalid_json"/);
});

test('guides/operate create a key, and erase', async () => {
  expect(await run('guides/operate/api-keys.md')).toMatch(/"key":"ahk_/);
  const { AGENT_ID, WEBHOOK_URL } = await agentWithTask();
  const { body } = await stack.trigger(WEBHOOK_URL, { question: 'Why?' });
  await stack.poll(body.task_id);
  expect(await run('guides/operate/erasing.md', { AGENT_ID, TASK_ID: body.task_id })).toMatch(
    /"remaining":0/,
  );
  expect((await stack.status(body.task_id)).status).toBe(404);
});

test('each outcome of reference/sandbox.md is rehearsed as described', async () => {
  const page = await pageAt('reference/sandbox.md');
  const rows = [...page.matchAll(/^\| `(\w+)` \| `(\{"sandbox".*?\})` \|(?: `(\{.*?\})`)? \|$/gm)];
  expect(rows).toHaveLength(10);
  const outcomes = await Promise.all(
    rows.map(async ([, , payload = '', limits = '{}']) => {
      const { WEBHOOK_URL } = await agentWithTask({ limits: JSON.parse(limits) });
      const { body } = await stack.trigger(WEBHOOK_URL, payload);
      const { status, result } = await stack.poll(body.task_id);
      return status === 'SUCCESS' ? status : result.error.code;
    }),
  );
  expect(outcomes).toEqual(rows.map(([, outcome]) => outcome));
});
