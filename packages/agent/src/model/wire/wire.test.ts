import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith } from '../../testing/attempt-input.js';
import { type ChatAnswer, type ChatServer, cc, says, startChatServer } from '../../testing/chat-server.js';
import { chatBody } from './chat-body.js';
import { type Json, parseOrUndefined } from './json.js';

const KEY = 'sk-proj-Ab12Cd34Ef56Gh78';
let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

const run = (base = '/v1') =>
  runAgentWith({ openai_base_url: `${server.url}${base}`, openai_api_key: KEY })(
    attemptInput({ model: 'compatible:m' }),
  );

const error = (code: unknown, message: string) => ({ error: { code, message } });

test('arguments as an object keep the digits of their numbers', () => {
  const text = '{"choices":[{"message":{"tool_calls":[{"function":{"name":"x","arguments":{"id":ID}}}]}}]}';
  const body = parseOrUndefined(text.replace('ID', '9007199254740993'));
  expect(JSON.stringify(chatBody(body as Json, false))).toContain('"{\\"id\\":9007199254740993}"');
});

describe('200 that is no answer', () => {
  test.each<[string, Exclude<ChatAnswer, { hang: true }>, string, string | null]>([
    ['a rate limit', { body: error(429, 'slow down') }, 'model_rate_limited', '429'],
    ['a rate limit as text', { body: error('429', 'slow down') }, 'model_rate_limited', '429'],
    ['a bad gateway', { body: error(502, 'upstream') }, 'model_unavailable', '502'],
    ['an error without a code', { body: { error: 'model is loading' } }, 'model_unavailable', null],
    ['an error beside no choices', { body: { choices: [], ...error(503, 'x') } }, 'model_unavailable', '503'],
    [
      'an error in its choice',
      { body: { choices: [{ ...error(429, 'slow'), message: { content: '' }, finish_reason: 'error' }] } },
      'model_rate_limited',
      '429',
    ],
    [
      'an error beside half an answer',
      { body: { ...error(502, 'died'), choices: [{ message: { content: 'Half' }, finish_reason: null }] } },
      'model_unavailable',
      '502',
    ],
    [
      "MiniMax's rate limit",
      { body: { choices: null, base_resp: { status_code: 1002 } } },
      'model_rate_limited',
      null,
    ],
    ['a web page', { text: '<html>Bad gateway</html>' }, 'model_unavailable', null],
    ['no choices', { body: { choices: [] } }, 'model_unavailable', null],
    ['nothing', { text: '' }, 'model_unavailable', null],
    ['half a body', { text: '{"choices":[{"message":{"role":"assistant","con' }, 'model_unavailable', null],
  ])('%s passes, with what the provider said', async (_name, answer, code, providerCode) => {
    server.respond(answer);
    const failed = failureOf(await run());
    expect(failed.failure.error.code).toBe(code);
    expect(failed.retryable).toBe(true);
    expect(failed.provider).toEqual({
      url: `${server.url}/v1/chat/completions`,
      status: 200,
      code: providerCode,
      body: 'text' in answer ? answer.text : JSON.stringify(answer.body),
    });
  });

  test.each([
    ['a used-up credit', error(402, 'Insufficient credits'), 'model_quota'],
    ['a wrong key', error(401, 'No auth'), 'model_auth'],
    ['too long a prompt', error('context_length_exceeded', 'Too long'), 'context_exceeded'],
  ])('%s is final', async (_name, body, code) => {
    server.respond({ body });
    expect(failureOf(await run())).toMatchObject({ failure: { error: { code } }, retryable: false });
  });

  test('an unknown path names the URL', async () => {
    server.respond({ body: { error: 'Unexpected endpoint or method. (POST /chat/completions)' } });
    const { failure, retryable } = failureOf(await run(''));
    expect(failure.error.message).toContain(`${server.url}/chat/completions`);
    expect(failure.error.message).toContain('Unexpected endpoint');
    expect(retryable).toBe(false);
  });

  test('an error that is null or empty is none', async () => {
    server.respond(cc({ message: { content: 'Hi.' } }, { error: null }));
    expect(resultOf(await run()).answer).toBe('Hi.');
  });
});

test.each<[string, number, unknown, string]>([
  ['OpenAI', 400, { error: { code: 'context_length_exceeded', message: 'x' } }, 'context_exceeded'],
  ['vLLM', 400, { message: "This model's maximum context length is 4096 tokens." }, 'context_exceeded'],
  ['Anthropic', 400, { error: { message: 'prompt is too long: 210000 tokens' } }, 'context_exceeded'],
  [
    'Gemini',
    400,
    { error: { message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).' } },
    'context_exceeded',
  ],
  ['llama.cpp', 400, { error: { type: 'exceed_context_size_error', message: 'x' } }, 'context_exceeded'],
  ['DeepSeek', 402, { error: { message: 'Insufficient Balance' } }, 'model_quota'],
  ['Anthropic', 400, { error: { message: 'Your credit balance is too low to access' } }, 'model_quota'],
  ['OpenAI', 429, { error: { code: 'insufficient_quota', message: 'x' } }, 'model_quota'],
  [
    'Groq',
    413,
    { error: { code: 'rate_limit_exceeded', message: 'Request too large for model' } },
    'context_exceeded',
  ],
  ['LiteLLM', 500, { error: { message: 'litellm.ContextWindowExceededError: x' } }, 'context_exceeded'],
  ['xAI', 400, { code: 'invalid', error: 'Incorrect API key provided: xa***z.' }, 'model_auth'],
  ['OpenRouter', 403, { error: { code: 403, message: 'Your input was flagged' } }, 'model_refused'],
  ['Azure', 400, { error: { code: 'content_filter', message: 'It was filtered' } }, 'model_refused'],
])('%s: HTTP %i with %j is %s', async (_name, status, body, code) => {
  server.respond({ status, text: JSON.stringify(body) });
  expect(failureOf(await run())).toMatchObject({ failure: { error: { code } }, retryable: false });
});

test.each<[string, unknown, string]>([
  ['Groq cannot read a call', { error: { code: 'tool_use_failed', message: 'x' } }, 'model_unavailable'],
  [
    'Groq cannot read an output',
    { error: { code: 'json_validate_failed', message: 'x' } },
    'model_unavailable',
  ],
  ['a gateway passes on Bedrock', { __type: 'ThrottlingException', message: 'x' }, 'model_rate_limited'],
])('400 because %s passes', async (_name, body, code) => {
  server.respond({ status: 400, text: JSON.stringify(body) });
  expect(failureOf(await run())).toMatchObject({ failure: { error: { code } }, retryable: true });
});

test('a redirect is followed within the server, with method and body, and to no other', async () => {
  const other = await startChatServer();
  const to = (status: number, location: string) => ({ status, headers: { location }, text: '' });
  server.respond(to(307, '/v1/chat/completions'), says('Here.'), to(308, other.url), to(302, '/v1'));
  expect(resultOf(await run()).answer).toBe('Here.');
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  const { error } = failureOf(await run()).failure;
  expect(error).toMatchObject({ code: 'model_refused', message: expect.stringContaining(other.url) });
  expect(failureOf(await run()).failure.error.code).toBe('model_refused');
  expect(other.requests).toEqual([]);
  await other.close();
});

describe("an answer of a provider's own API", () => {
  const content = [{ type: 'text', text: 'Hi.' }];
  const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', stop_reason: 'end_turn' };
  const item = { type: 'message', id: 'i', role: 'assistant', status: 'completed' };
  const output = [{ ...item, content: [{ type: 'output_text', text: 'Hi.', annotations: [] }] }];
  const response = { id: 'r', object: 'response', created_at: 1, status: 'completed', model: 'm' };
  const runOn = (model: string) =>
    runAgentWith({
      openai_base_url: `${server.url}/v1`,
      openai_api_key: KEY,
      anthropic_api_key: KEY,
      anthropic_base_url: server.url,
    })(attemptInput({ model }));

  test.each<[string, string, object]>([
    ['no counts', 'anthropic:claude-sonnet-4-5', { ...message, content }],
    [
      'an unknown block',
      'anthropic:claude-sonnet-4-5',
      { ...message, content: [{ type: 'new' }, ...content] },
    ],
    ['an unknown item', 'openai:gpt-5-mini', { ...response, output: [{ type: 'new_call' }, ...output] }],
    ...[
      { content: [{ type: 'output_text', text: 'Hi.' }] },
      { id: undefined, role: undefined },
      { content: [{ type: 'output_text', text: 'Hi.', annotations: null }] },
      { content: [{ type: 'output_text', text: 'Hi.', annotations: [{ type: 'new' }] }] },
      {
        content: [
          { type: 'new', text: 'no' },
          { type: 'text', text: 'Hi.' },
        ],
      },
    ].map((more): [string, string, object] => [
      `an item of ${JSON.stringify(more)}`,
      'openai:gpt-5-mini',
      { ...response, output: [{ ...output[0], ...more }] },
    ]),
    [
      'words before the final answer',
      'openai:gpt-5-mini',
      {
        ...response,
        output: [
          { ...output[0], id: 'c', phase: 'commentary' },
          { ...output[0], phase: 'final_answer' },
        ],
      },
    ],
  ])('with %s is read', async (_name, model, body) => {
    server.respond({ body });
    expect(resultOf(await runOn(model))).toMatchObject({ answer: 'Hi.', usage: { estimated: true } });
  });

  test("may have a thought of an open model's", async () => {
    const thought = { type: 'reasoning', id: 'r', content: [{ type: 'reasoning_text', text: 'Hm.' }] };
    server.respond({ body: { ...response, output: [thought, ...output] } });
    expect(resultOf(await runOn('openai:gpt-5-mini'))).toMatchObject({ answer: 'Hi.', thought: 'Hm.' });
  });

  test.each(['failed', 'cancelled', 'queued', 'in_progress'])(
    'that is %s and has nothing is asked for again later',
    async (status) => {
      server.respond({ body: { ...response, status, error: null, output: [] } });
      expect(failureOf(await runOn('openai:gpt-5-mini'))).toMatchObject({
        failure: { error: { code: 'model_unavailable' } },
        retryable: true,
      });
    },
  );

  test('shows a call that the provider made itself, with its error', async () => {
    const search = { type: 'server_tool_use', name: 'web_search', input: { query: 'x' } };
    const found = (tool_use_id: string, content: unknown) => ({
      type: 'web_search_tool_result',
      tool_use_id,
      content,
    });
    const page = {
      type: 'web_search_result',
      title: 'T',
      url: 'https://a.example',
      encrypted_content: 'x',
      page_age: null,
    };
    const failed = { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' };
    const blocks = [
      { ...search, id: 's1' },
      found('s1', [page]),
      { ...search, id: 's2' },
      found('s2', failed),
      ...content,
    ];
    server.respond({ body: { ...message, content: blocks } });
    const result = resultOf(await runOn('anthropic:claude-sonnet-4-5'));
    expect(result.sources).toEqual([{ title: 'T', url: 'https://a.example' }]);
    expect(result.tool_calls.map(({ error }) => error)).toEqual([
      null,
      expect.stringContaining('max_uses_exceeded'),
    ]);
  });

  test('that failed says why', async () => {
    const error = { code: 'rate_limit_exceeded', message: 'slow down' };
    server.respond({ body: { ...response, status: 'failed', output: [], error } });
    expect(failureOf(await runOn('openai:gpt-5-mini'))).toMatchObject({
      failure: { error: { code: 'model_rate_limited', message: expect.stringContaining('slow down') } },
      retryable: true,
    });
  });
});

test('what the provider said has 500 characters at most, and no secret', async () => {
  server.respond({ status: 503, text: `${KEY} ${'word '.repeat(1_000)}` });
  const { provider } = failureOf(await run());
  expect(provider?.body.length).toBeLessThanOrEqual(500);
  expect(provider?.body).not.toContain('Ab12');
});

test('an answer with counts of another kind, or JSON as its content, is read', async () => {
  const usage = { prompt_tokens: '5', completion_tokens: {} };
  server.respond(cc({ message: { content: { a: 1 } } }, { usage, id: 5, created: 'now' }), says(['x']));
  expect(resultOf(await run()).answer).toBe('{"a":1}');
});
