import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ModelServer,
  type Stack,
  startAnthropicServer,
  startOpenAiServer,
  startStack,
} from '../index.js';

const KEY = 'key-of-the-named-provider-0123';
const folder = mkdtempSync(join(tmpdir(), 'agenthook-providers-'));
const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

let chat: ModelServer;
let claude: ModelServer;
let stack: Stack;

beforeAll(async () => {
  [chat, claude] = await Promise.all([startOpenAiServer(), startAnthropicServer()]);
  const reference = `$\{NAMED_KEY}`;
  stack = await startStack({
    env: {
      NAMED_KEY: KEY,
      PROVIDERS_FILE: file('providers.json', [
        { name: 'gpu', kind: 'compatible', base_url: chat.url, api_key: reference, models: ['qwen3'] },
        { name: 'eu', kind: 'anthropic', base_url: claude.url, api_key: reference },
      ]),
      PRICES_FILE: file('prices.json', { 'gpu:qwen3': { input: 1, output: 2 } }),
    },
  });
});

afterAll(async () => {
  await stack?.stop();
  await Promise.all([chat?.close(), claude?.close()]);
});

async function ask(model: string) {
  const { id } = await stack.createAgent({ name: 'Named', model });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { question: 'Who?' });
  return stack.poll(body.task_id);
}

test('named providers are listed, chosen by name and priced', async () => {
  const { body } = await stack.request<{ providers: { provider: string }[] }>('GET', '/api/models');
  expect(body.providers.filter(({ provider }) => provider === 'gpu' || provider === 'eu')).toEqual([
    {
      provider: 'gpu',
      kind: 'compatible',
      configured: true,
      needs: ['PROVIDERS_FILE'],
      example: 'gpu:qwen3',
      models: ['gpu:qwen3'],
    },
    {
      provider: 'eu',
      kind: 'anthropic',
      configured: true,
      needs: ['PROVIDERS_FILE'],
      example: 'eu:my-model',
    },
  ]);
  expect(JSON.stringify(body)).not.toContain(KEY);

  chat.respond({ text: 'Qwen.', usage: { input_tokens: 1_000_000, output_tokens: 500_000 } });
  expect(await ask('gpu:qwen3')).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'Qwen.', model: 'gpu:qwen3', usage: { cost_usd: 2 } },
  });
  claude.respond({ text: 'Claude.', usage: { input_tokens: 1_000_000, output_tokens: 0 } });
  expect(await ask('eu:claude-sonnet-4-6')).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'Claude.', usage: { cost_usd: 3 } },
  });
  expect(chat.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(claude.requests[0]?.headers['x-api-key']).toBe(KEY);
});

test('a model without a price says so when its agent is saved', async () => {
  const agent = { name: 'Unpriced', model: 'gpu:other', fallback_models: ['gpu:qwen3', 'eu:other'] };
  const { body } = await stack.request<{ warnings: object[] }>('POST', '/api/agents', agent);
  expect(body.warnings).toMatchObject([
    { path: '/model', code: 'unknown_price', detail: expect.stringContaining('gpu:other') },
    { path: '/fallback_models/1', code: 'unknown_price', detail: expect.stringContaining('PRICES_FILE') },
  ]);
});

test('a provider that nobody has named is refused, with those that there are', async () => {
  const { status, body } = await stack.request('POST', '/api/agents', { name: 'No', model: 'us:gpt-5' });
  expect([status, body.code]).toEqual([422, 'unknown_model']);
  expect(body.detail).toContain('compatible, gpu, eu.');
});

describe.each([
  ['api', 'server.js'],
  ['worker', 'main.js'],
])('the %s', (app, script) => {
  test.each([
    ['PROVIDERS_FILE', '[{"name": "a"}]', /^PROVIDERS_FILE \(.*\): \/0\/kind: /],
    ['PROVIDERS_FILE', '{', /^PROVIDERS_FILE \(.*\): it is not JSON\.$/],
    ['PRICES_FILE', '{"gpt-5": {}}', /^PRICES_FILE \(.*\): \/gpt-5: /],
  ])('does not start with a bad %s: %s', (variable, content, line) => {
    const path = fileURLToPath(new URL(`../../../../apps/${app}/bundle/${script}`, import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [path], {
      encoding: 'utf8',
      // It blocks this process, so nothing else could end a wait.
      timeout: 60_000,
      killSignal: 'SIGKILL',
      env: {
        PATH: process.env.PATH,
        REDIS_URL: stack.redisUrl,
        PORT: '0',
        SECRET_KEY: 'a secret key of enough length',
        ADMIN_API_KEY: 'an admin key of enough length',
        [variable]: file('bad.json', content),
      },
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
