import {
  freePort,
  type ModelServer,
  type Script,
  startAnthropicServer,
  startOpenAiServer,
} from '@agenthook/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { attemptInput, type Failed, failureOf, runAgentWith } from './testing/attempt-input.js';

const KEY = 'sk-proj-Ab12Cd34Ef56Gh78';
const NOW = new Date('2026-01-02T03:04:05.000Z');

let openai: ModelServer;
let anthropic: ModelServer;

beforeEach(async () => {
  [openai, anthropic] = await Promise.all([startOpenAiServer(), startAnthropicServer()]);
});
afterEach(() => Promise.all([openai.close(), anthropic.close()]));

async function failWith(script: Script, model = 'compatible:m'): Promise<Failed> {
  const server = model.startsWith('anthropic') ? anthropic : openai;
  server.respond(script);
  const run = runAgentWith({
    openai_api_key: KEY,
    openai_base_url: openai.url,
    anthropic_api_key: 'anthropic-secret',
    anthropic_base_url: anthropic.url,
    ollama_base_url: openai.url,
    now: () => NOW,
  });
  const failed = failureOf(await run(attemptInput({ model })));
  // Only the queue retries, neither the SDK nor this package.
  expect(server.requests).toHaveLength(1);
  return failed;
}

const MODELS = ['openai:m', 'anthropic:m', 'compatible:m', 'ollama:m'];
const STATUSES: [number, string, boolean][] = [
  [400, 'model_refused', false],
  [401, 'model_auth', false],
  [402, 'model_quota', false],
  [403, 'model_auth', false],
  [404, 'model_refused', false],
  [408, 'model_unavailable', true],
  [409, 'model_unavailable', true],
  [413, 'context_exceeded', false],
  [422, 'model_refused', false],
  [429, 'model_rate_limited', true],
  [498, 'model_unavailable', true],
  [500, 'model_unavailable', true],
  [502, 'model_unavailable', true],
  [503, 'model_unavailable', true],
  [504, 'model_unavailable', true],
  [529, 'model_unavailable', true],
];

describe.each(MODELS)('%s', (model) => {
  test.each(STATUSES)('HTTP %i is %s, retryable: %s', async (status, code, retryable) => {
    const failed = await failWith({ status }, model);
    expect(failed.failure.error.code).toBe(code);
    expect(failed.retryable).toBe(retryable);
    expect(failed.failure.error.message).toContain(`HTTP ${status}`);
    expect(failed.failure.error.message).toContain(`The server was told to answer ${status}.`);
    expect(failed.failure).toMatchObject({ tool_calls: [], usage: { total_tokens: 0, cost_usd: 0 } });
  });

  test.each<[string, Script]>([
    ['before it answers', { drop: 'before_answer' }],
    ['in the middle of its answer', { drop: 'mid_answer' }],
  ])('a provider that closes the connection %s is unavailable', async (_name, script) => {
    const failed = await failWith(script, model);
    expect(failed.failure.error.code).toBe('model_unavailable');
    expect(failed.retryable).toBe(true);
  });

  test.each<[string, Script]>([
    ['a web page', { raw: '<html><body>Welcome</body></html>' }],
    ['nothing', { raw: '' }],
    ['JSON of another shape', { status: 200, body: { hello: 'world' } }],
    ['null', { status: 200, body: null }],
    ['an empty answer', { status: 200, body: { choices: [], content: 5, output: 5 } }],
  ])('200 with %s is a passing fault', async (_name, script) => {
    const failed = await failWith(script, model);
    expect(failed.failure.error.code).toBe('model_unavailable');
    expect(failed.failure.error.message).toContain(`HTTP 200 from http://127.0.0.1`);
    expect(failed.retryable).toBe(true);
  });
});

test.each(['openai:m', 'compatible:m'])('%s: a used-up quota is not retried', async (model) => {
  const error = {
    message: 'You exceeded your current quota.',
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  };
  const failed = await failWith({ status: 429, headers: { 'retry-after': '5' }, body: { error } }, model);
  expect(failed.failure.error).toMatchObject({ code: 'model_quota' });
  expect(failed.failure.error.message).toContain('You exceeded your current quota.');
  expect(failed).toMatchObject({ retryable: false });
  expect(failed).not.toHaveProperty('retry_after_ms');
});

const raw = JSON.stringify({ error: { message: "This model's maximum context length is 4096 tokens" } });
test.each<[string, number, object]>([
  [
    'context_exceeded',
    400,
    { message: "The input (40000 tokens) is longer than the model's context length (32768 tokens)." },
  ],
  ['context_exceeded', 400, { error: { code: '1261', message: 'Prompt exceeds max length' } }],
  ['context_exceeded', 400, { error: { message: 'Provider returned error', code: 400, metadata: { raw } } }],
  ['context_exceeded', 400, { error: 'prompt too long; exceeded max context length by 12 tokens' }],
  [
    'context_exceeded',
    400,
    { error: { message: 'Your request exceeded model token limit: 8192 (requested: 9000)' } },
  ],
  ['context_exceeded', 400, { message: "total tokens exceeds the model's max of 4096" }],
  ['context_exceeded', 400, { error: { message: 'prompt token count of 9 exceeds the limit of 8' } }],
  ['context_exceeded', 400, { message: 'Input exceeds the max input token limit' }],
  [
    'context_exceeded',
    200,
    { base_resp: { status_code: 2013, status_msg: 'invalid params, context window exceeds limit' } },
  ],
  ['model_refused', 200, { base_resp: { status_code: 1027, status_msg: 'output new_sensitive' } }],
  ['model_rate_limited', 200, { base_resp: { status_code: 1039, status_msg: 'token limit, TPM' } }],
  ['model_quota', 403, { code: 'no permission', error: "Your team doesn't have any credits yet." }],
  ['model_refused', 403, { code: 'no permission', error: 'Content violates usage guidelines.' }],
  ['model_quota', 400, { error: { code: 'Arrearage', message: 'Access denied.' } }],
  ['model_quota', 400, { error: { type: 'budget_exceeded', message: 'Budget has been exceeded!' } }],
  ['model_quota', 412, { error: { message: 'Account acme is suspended, possibly due to unpaid invoices' } }],
  ['model_quota', 429, { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } }],
  ['model_quota', 403, { error: { code: 'AllocationQuota.FreeTierOnly', message: 'Exhausted' } }],
  ['model_quota', 400, { error: { message: 'You have reached your specified API usage limits.' } }],
  [
    'model_quota',
    429,
    { error: { message: 'Quota exceeded for metric: x/generate_content_free_tier_requests, limit: 0' } },
  ],
  [
    'context_exceeded',
    429,
    {
      error: {
        code: 'rate_limit_exceeded',
        message: 'Request too large for m on tokens per min (TPM): Limit 9. The input must be reduced',
      },
    },
  ],
  ['model_unavailable', 499, { error: { status: 'CANCELLED', message: 'The operation was cancelled.' } }],
  ['context_exceeded', 200, { error: { message: 'prompt is too long: 210000 tokens' } }],
  ['model_unavailable', 400, { status: 400, detail: "Function 'a': DEGRADED function cannot be invoked" }],
])('%s by HTTP %i with %j', async (code, status, body) => {
  const failed = await failWith({ status, body }, 'compatible:m');
  expect(failed.failure.error.code).toBe(code);
  expect(failed.retryable).toBe(code === 'model_unavailable' || code === 'model_rate_limited');
});

test('a web page of a provider behind a gateway is not quoted', async () => {
  const metadata = { raw: '\n<html><h1>Bad Gateway</h1></html>' };
  const failed = await failWith({ status: 400, body: { error: { message: 'Provider failed', metadata } } });
  expect(failed.failure.error.message).toMatch(/Provider failed$/);
});

test.each([
  ['server_error', 'model_unavailable', true],
  ['rate_limit_exceeded', 'model_rate_limited', true],
  ['invalid_prompt', 'model_refused', false],
])('the Responses API reports %s in a 200', async (code, expected, retryable) => {
  const error = { message: 'It went wrong.', type: 'error', param: null, code };
  const body = { id: 'resp_1', created_at: 1, status: 'failed', error, model: 'm', output: [] };
  const failed = await failWith({ status: 200, body }, 'openai:m');
  expect(failed.failure.error.code).toBe(expected);
  expect(failed.failure.error.message).toContain('It went wrong.');
  expect(failed.retryable).toBe(retryable);
});

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '7' }, 7000],
  ['a date', { 'retry-after': 'Fri, 02 Jan 2026 03:05:05 GMT' }, 60_000],
  ['a date that has passed', { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 1000],
  ['milliseconds before seconds', { 'retry-after-ms': '2500', 'retry-after': '7' }, 2500],
  ['at least a second', { 'retry-after-ms': '250' }, 1000],
  ['at most an hour', { 'retry-after': '86400' }, 3_600_000],
  ['not an invalid time', { 'retry-after': 'soon' }, undefined],
  ['nothing', {}, undefined],
])('Retry-After: %s', async (_name, headers, expected) => {
  for (const status of [429, 503]) {
    openai.requests.length = 0;
    expect((await failWith({ status, headers })).retry_after_ms).toBe(expected);
  }
});

test.each<[string, unknown, string]>([
  ['Ollama', { error: "model 'm' not found" }, "model 'm' not found"],
  ['vLLM', { object: 'error', message: 'The model `m` does not exist.' }, 'The model `m` does not exist.'],
  ['FastAPI', { detail: 'Not allowed here' }, 'Not allowed here'],
  [
    'Google',
    [{ error: { code: 404, message: 'models/m is not found', status: 'NOT_FOUND' } }],
    'models/m is not found',
  ],
  ['a proxy', '<html><h1>nginx</h1></html>', 'Not Found'],
])('finds the message of %s in its error body', async (_name, body, words) => {
  const { message } = (await failWith({ status: 404, body })).failure.error;
  const url = `${openai.url}/chat/completions`;
  expect(message).toBe(`The model provider rejected the request (HTTP 404 from ${url}): ${words}`);
});

test('recognises how Google reports a wrong key', async () => {
  const error = { code: 400, message: 'API key not valid.', details: [{ reason: 'API_KEY_INVALID' }] };
  expect((await failWith({ status: 400, body: { error } })).failure.error.code).toBe('model_auth');
});

test('a message shows no secret, file or stack trace, and is limited in length', async () => {
  const message =
    `Incorrect API key provided: ${KEY}. Bearer abcdef123456, http://me:hunter2@proxy/x, see https://a.example/b/c\n` +
    `    at Object.<anonymous> (/home/someone/app/server.js:1:2)`;
  const first = (await failWith({ status: 400, body: { error: { message } } })).failure.error.message;
  expect(first).not.toMatch(/sk-proj|Ab12|abcdef123456|hunter2|server\.js|someone| at /);
  expect(first).toContain('https://a.example/b/c');

  openai.requests.length = 0;
  const long = (await failWith({ status: 400, body: { error: { message: 'word '.repeat(1000) } } })).failure
    .error;
  expect(long.message.length).toBeLessThanOrEqual(500);
});

describe('a missing provider', () => {
  test('that refuses the connection', async () => {
    const run = runAgentWith({ openai_base_url: `http://127.0.0.1:${await freePort()}/v1` });
    const failed = failureOf(await run(attemptInput({ model: 'compatible:m' })));
    expect(failed.failure.error).toEqual({
      code: 'model_unavailable',
      message: 'The model provider was unreachable or closed the connection (ECONNREFUSED).',
    });
    expect(failed.retryable).toBe(true);
  });

  test('that has no address', async () => {
    const run = runAgentWith({ openai_base_url: 'http://nobody.invalid/v1' });
    const failed = failureOf(await run(attemptInput({ model: 'compatible:m' })));
    expect(failed.failure.error.code).toBe('model_unavailable');
    expect(failed.retryable).toBe(true);
  });
});
