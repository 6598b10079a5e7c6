import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  type ModelServer,
  redisText,
  type Stack,
  startAnthropicServer,
  startOpenAiServer,
  startStack,
} from '../index.js';

const OPENAI_KEY = 'sk-openai-1b9f6c2e7a4d8035';
const ANTHROPIC_KEY = 'sk-ant-5d0e8a7c3f1b9264';

let openAi: ModelServer;
let anthropic: ModelServer;
let stack: Stack;

beforeAll(async () => {
  openAi = await startOpenAiServer();
  anthropic = await startAnthropicServer();
  stack = await startStack({
    env: {
      OPENAI_API_KEY: OPENAI_KEY,
      OPENAI_BASE_URL: openAi.url,
      ANTHROPIC_API_KEY: ANTHROPIC_KEY,
      ANTHROPIC_BASE_URL: anthropic.url,
      LOG_LEVEL: 'trace',
    },
  });
});

afterEach(() => {
  for (const server of [openAi, anthropic]) server.requests.length = 0;
});

afterAll(async () => {
  await stack?.stop();
  await openAi?.close();
  await anthropic?.close();
});

const PROVIDERS = [
  { model: 'compatible:test-model', server: () => openAi, header: 'authorization' },
  { model: 'openai:gpt-5-mini', server: () => openAi, header: 'authorization' },
  { model: 'anthropic:claude-sonnet-4-5', server: () => anthropic, header: 'x-api-key' },
];

/** Runs an agent with this model on one question, to its end. */
async function ask(model: string) {
  const { id } = await stack.createAgent({ name: 'Answers', model, system_prompt: 'Be short.' });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { question: 'What is the capital of France?' });
  return stack.poll(body.task_id);
}

/** Fails if a text contains a provider's key. */
function expectNoKey(where: string, text: string): void {
  for (const key of [OPENAI_KEY, ANTHROPIC_KEY]) {
    expect({ where, holdsKey: text.includes(key) }).toEqual({ where, holdsKey: false });
  }
}

test.each(PROVIDERS)('$model answers, and its usage is counted', async ({ model, server, header }) => {
  server().respond({ text: 'Paris.', usage: { input_tokens: 31, output_tokens: 3 } });
  expect(await ask(model)).toMatchObject({
    status: 'SUCCESS',
    attempt: 1,
    result: {
      answer: 'Paris.',
      usage: { input_tokens: 31, output_tokens: 3, total_tokens: 34 },
      model,
      steps: 1,
    },
  });
  const [request] = server().requests;
  expect(JSON.stringify(request?.body)).toContain('What is the capital of France?');
  expect(JSON.stringify(request?.body)).toContain('Be short.');
  expect(request?.headers[header]).toContain('sk-');
});

test.each(PROVIDERS)('$model is retried when its 429 says', async ({ model, server }) => {
  server().respond({ status: 429, headers: { 'retry-after': '1' } }, { text: 'Now.' });
  expect(await ask(model)).toMatchObject({ status: 'SUCCESS', attempt: 1, result: { answer: 'Now.' } });
  const [first, second] = server().requests.map(({ at }) => at);
  expect(server().requests).toHaveLength(2);
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(1_000);
});

test.each(PROVIDERS)('$model is retried after a 503', async ({ model, server }) => {
  server().respond({ status: 503 }, { text: 'Up again.' });
  expect(await ask(model)).toMatchObject({ status: 'SUCCESS', attempt: 2, result: { answer: 'Up again.' } });
  expect(server().requests).toHaveLength(2);
});

test.each(PROVIDERS)(
  '$model is called once if it refuses the key, which appears nowhere',
  async ({ model, server, header }) => {
    // A provider may quote the refused key.
    const message = `Incorrect API key provided: ${OPENAI_KEY} or ${ANTHROPIC_KEY}.`;
    const error = { type: 'authentication_error', message };
    server().respond({ status: 401, body: { type: 'error', error } });
    const task = await ask(model);
    expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'model_auth' } } });
    expect(server().requests).toHaveLength(1);
    expect(server().requests[0]?.headers[header]).toContain('sk-');
    expectNoKey('the task', JSON.stringify(task));
    expectNoKey('a log', stack.logs());
    expectNoKey('Redis', await redisText(stack.redisUrl));
  },
);
