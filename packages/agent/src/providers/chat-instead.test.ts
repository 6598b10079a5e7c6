import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith } from '../testing/attempt-input.js';
import { type RecordingServer, startRecordingServer } from '../testing/recording-server.js';

// Servers of OpenAI's API without its Responses API, as LiteLLM is in front of many models.

type Refusal = [status: number, body: object | string];

let server: RecordingServer;
let refusal: Refusal;
let chat: Refusal | undefined;

const ANSWER = {
  choices: [{ index: 0, message: { role: 'assistant', content: 'Done.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

beforeEach(async () => {
  chat = undefined;
  server = await startRecordingServer(({ path }, response) => {
    const [status, body] = path.endsWith('/responses') ? refusal : (chat ?? [200, ANSWER]);
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    return undefined;
  });
});
afterEach(() => server.close());

const paths = () => server.requests.map(({ path }) => path);
const createRun = () => runAgentWith({ openai_base_url: `${server.url}/v1`, openai_api_key: 'k' });
const input = () => attemptInput({ model: 'openai:gpt-5-mini' });

test.each<Refusal>([
  [404, { detail: 'Not Found' }],
  [404, '404 page not found'],
  [404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }],
  [405, { detail: 'Method Not Allowed' }],
  [200, { error: 'Unexpected endpoint or method. (POST /v1/responses)' }],
  [
    401,
    { type: 'error', error: { type: 'ModelError', message: 'Model k is not supported for format openai' } },
  ],
  [400, { error: { message: 'The model `m` does not support the Responses API', type: 'BadRequestError' } }],
  [
    500,
    {
      error: { message: 'litellm.APIConnectionError: responses API not supported for provider', code: '500' },
    },
  ],
])('are asked for chat completions instead, also the next time: %j', async (...given) => {
  refusal = given;
  const run = createRun();
  const usage = { input_tokens: 3, output_tokens: 2 };
  expect(resultOf(await run(input()))).toMatchObject({ answer: 'Done.', usage });
  expect(resultOf(await run(input())).answer).toBe('Done.');
  const [first, second, third, ...more] = paths().map((path) => path.replace('/v1', ''));
  expect([first, second, third]).toEqual(['/responses', '/chat/completions', '/chat/completions']);
  expect(more).toEqual([]);
});

test('an answer of chat completions that cannot be used is told, and not the missing address', async () => {
  refusal = [404, { detail: 'Not Found' }];
  chat = [200, 'x'.repeat(5 * 1024 * 1024)];
  expect(failureOf(await createRun()(input())).failure.error).toMatchObject({
    code: 'invalid_output',
    message: expect.stringContaining('4 MiB'),
  });
});

test.each<[Refusal, Refusal | undefined, string, string[]]>([
  [
    [404, { error: { code: 'model_not_found', message: 'The model x does not exist' } }],
    undefined,
    'does not exist',
    ['/v1/responses'],
  ],
  [
    [404, { detail: 'Not Found' }],
    [404, { detail: 'Not Found either' }],
    'Not Found',
    ['/v1/responses', '/v1/chat/completions'],
  ],
  [
    [400, { error: { message: 'Unknown parameter: text' } }],
    undefined,
    'Unknown parameter',
    ['/v1/responses'],
  ],
  [[401, { error: { message: 'Incorrect API key' } }], undefined, 'Incorrect API key', ['/v1/responses']],
  [
    [404, { detail: 'Not Found' }],
    [429, { error: { message: 'slow down' } }],
    'slow down',
    ['/v1/responses', '/v1/chat/completions'],
  ],
])('other errors stay what they are: %j, then %j', async (first, second, told, asked) => {
  [refusal, chat] = [first, second];
  expect(failureOf(await createRun()(input())).failure.error.message).toContain(told);
  expect(paths()).toEqual(asked);
});
