import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderEntry } from '@agenthook/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../../testing/attempt-input.js';
import { frame, NATIVE, pieces } from '../../testing/native-stream-server.js';
import { type Answer, type RecordingServer, startRecordingServer } from '../../testing/recording-server.js';
import type { ToolKind } from '../../tools/tool.js';

let answers: Answer[];
let server: RecordingServer;
let given: unknown[];
/** Has the credentials of Vertex. */
let folder: string;

beforeEach(async () => {
  answers = [];
  given = [];
  server = await startRecordingServer((request, response) =>
    request.path === '/token'
      ? { access_token: 'k', expires_in: 3600, token_type: 'Bearer' }
      : answers.shift()?.(request, response),
  );
  folder = await mkdtemp(join(tmpdir(), 'vertex-'));
  const credentials = {
    type: 'external_account_authorized_user',
    audience: '//iam.googleapis.com/projects/1',
    client_id: 'c',
    client_secret: 's',
    refresh_token: 'r',
    token_url: `${server.url}/token`,
  };
  await writeFile(join(folder, 'credentials.json'), JSON.stringify(credentials));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
/** The requests to models. */
const asked = () => server.requests.filter(({ path }) => path !== '/token');

const kinds: { memory: ToolKind<'memory'> } = {
  memory: {
    type: 'memory',
    open: async () => ({
      tools: [
        {
          name: 'look',
          description: 'Looks.',
          parameters: { type: 'object', properties: { id: { type: 'integer' } } },
          repeat_safe: true,
          execute: async (args) => {
            given.push(args);
            return 'seen';
          },
        },
      ],
    }),
  },
};

type Name = 'google' | 'vertex' | 'vertex claude' | 'bedrock' | 'bedrock with a key' | 'ollama';
const aws = { access_key_id: 'AKIDEXAMPLE', secret_access_key: 'a-secret-key-of-aws' };
const SERVERS: Record<Name, [keyof typeof NATIVE, Partial<ProviderEntry>, string, base: string]> = {
  google: ['google', { kind: 'google', api_key: 'k' }, 'gemini-2.5-flash', ''],
  vertex: ['google', { kind: 'vertex', api_key: 'k' }, 'gemini-2.5-flash', '/publishers/google'],
  'vertex claude': [
    'claude',
    { kind: 'vertex', project: 'p' },
    'claude-sonnet-4-5',
    '/publishers/anthropic/models',
  ],
  bedrock: ['bedrock', { kind: 'bedrock', region: 'eu-central-1', ...aws }, 'anthropic.claude-v1:0', ''],
  'bedrock with a key': [
    'bedrock',
    { kind: 'bedrock', region: 'eu-central-1', api_key: 'k' },
    'anthropic.claude-v1:0',
    '',
  ],
  ollama: ['ollama', { kind: 'ollama', num_ctx: 4096 }, 'qwen3', ''],
};
const NAMES = Object.keys(SERVERS) as Name[];

function run(name: Name, wanted: Wanted = {}) {
  const [, entry, model, base] = SERVERS[name];
  const credentials = name === 'vertex claude' && { credentials_file: join(folder, 'credentials.json') };
  const provider = {
    name: 'own',
    kind: 'compatible' as const,
    ...entry,
    ...credentials,
    base_url: `${server.url}${base}`,
  };
  return runAgentWith(
    { providers: [provider] },
    kinds,
  )(
    attemptInput({
      model: `own:${model}`,
      ...wanted,
      config: { tools: [{ type: 'memory', name: 't' }], ...wanted.config },
    }),
  );
}
const apiOf = (name: Name) => NATIVE[SERVERS[name][0]];

describe.each(NAMES)('%s', (name) => {
  const api = apiOf(name);
  const say = api.build({ texts: ['Grüß', ' Gott'] });

  test('is asked for a stream, in which thoughts, a call with all its digits and its counts are read', async () => {
    const call = { name: 'look', args: '{"id":9007199254740993}' };
    answers.push(pieces(api, api.build({ thought: 'Hm.', texts: ['I look.'], call })), pieces(api, say));
    expect(resultOf(await run(name))).toMatchObject({
      answer: 'Grüß Gott',
      thought: name === 'vertex claude' ? '' : 'Hm.',
      usage: { input_tokens: 18, output_tokens: 8 },
      steps: 2,
    });
    expect(given.map((args) => JSON.stringify(args))).toEqual(['{"id":9007199254740993}']);
    for (const { path, body } of asked()) expect(api.isStream(path, body)).toBe(true);
  });

  test('that breaks off is tried again', async () => {
    answers.push(pieces(api, say.slice(0, 2), { breaks: true }));
    expect(failureOf(await run(name))).toMatchObject({
      retryable: true,
      failure: { error: { code: 'model_unavailable' } },
    });
  });

  test('that ends before its answer does is tried again', async () => {
    answers.push(pieces(api, say.slice(0, 2)));
    expect(failureOf(await run(name))).toMatchObject({
      retryable: true,
      failure: { error: { code: 'model_unavailable' } },
    });
  });

  test('that falls silent is left for the next model', async () => {
    const never = new Promise(() => undefined);
    answers.push(pieces(api, say, { gate: never }), pieces(api, say));
    const startedAt = performance.now();
    const result = resultOf(
      await run(name, {
        limits: { model_silence_seconds: 1 },
        config: { fallback_models: [`own:${SERVERS[name][2]}`] },
      }),
    );
    expect(result.answer).toBe('Grüß Gott');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });
});

test('a stream that moves may take longer than the limit of its silence', async () => {
  const api = NATIVE.google;
  const list = api.build({ texts: ['a', 'b', 'c', 'd'] });
  answers.push(async (_request, response) => {
    response.writeHead(200, { 'content-type': api.type });
    for (const piece of list) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      response.write(piece);
    }
    response.end();
  });
  expect(resultOf(await run('google', { limits: { model_silence_seconds: 1 } })).answer).toBe('abcd');
});

describe('bedrock', () => {
  const fault = (type: string, message: string) =>
    frame(
      { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
      { message },
    );
  test.each([
    ['throttlingException', 'Too many tokens, wait 20 seconds', 'model_rate_limited', true],
    ['modelStreamErrorException', 'The model failed', 'model_unavailable', true],
    ['validationException', 'Input is too long for requested model.', 'context_exceeded', false],
  ])('may report %s in a stream', async (type, message, code, retryable) => {
    const [begin = ''] = NATIVE.bedrock.build({});
    answers.push(pieces(NATIVE.bedrock, [begin, fault(type, message)]));
    const failed = failureOf(await run('bedrock'));
    expect(failed).toMatchObject({ retryable, failure: { error: { code } } });
    expect(failed.failure.error.message).toContain(message);
  });

  test('may say that the context window cut its answer', async () => {
    const text = { contentBlockIndex: 0, delta: { text: 'It begins' } };
    const event = (type: string, payload: object) =>
      frame({ ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' }, payload);
    answers.push(
      pieces(NATIVE.bedrock, [
        event('messageStart', { role: 'assistant' }),
        event('contentBlockDelta', text),
        event('messageStop', { stopReason: 'model_context_window_exceeded' }),
      ]),
    );
    expect(resultOf(await run('bedrock'))).toMatchObject({ answer: 'It begins', truncated: true });
  });

  test('may not announce a frame of 2 GiB', async () => {
    const announced = Buffer.from([0x80, 0, 0, 0]);
    answers.push(pieces(NATIVE.bedrock, [announced, Buffer.alloc(100_000)]));
    expect(failureOf(await run('bedrock')).failure.error).toMatchObject({
      code: 'invalid_output',
      message: expect.stringContaining('4 MiB'),
    });
  });
});

test.each<[Name, number, string]>([
  ['google', 404, '404 page not found'],
  ['google', 501, '{}'],
  ['vertex', 405, '{}'],
  ['vertex claude', 404, '{}'],
  ['bedrock', 403, '{"message":"not authorized to perform: bedrock:InvokeModelWithResponseStream"}'],
  ['bedrock', 400, '{"message":"This model does not support tool use in streaming mode."}'],
])('%s behind a proxy that answers streams with %i is asked in one piece', async (name, status, text) => {
  answers.push((_request, response) => void response.writeHead(status).end(text));
  const WHOLE = {
    google: {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Whole.' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    },
    claude: {
      type: 'message',
      role: 'assistant',
      id: 'm',
      model: 'claude',
      content: [{ type: 'text', text: 'Whole.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    bedrock: {
      output: { message: { role: 'assistant', content: [{ text: 'Whole.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
    },
    ollama: {},
  };
  answers.push(() => WHOLE[SERVERS[name][0]]);
  expect(resultOf(await run(name)).answer).toBe('Whole.');
  const [streamed, whole] = asked().map(({ path, body }) => apiOf(name).isStream(path, body));
  expect([streamed, whole]).toEqual([true, false]);
});

test('a model that Google does not have is refused, and said with its words', async () => {
  const missing: Answer = (_request, response) =>
    void response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}');
  answers.push(missing, missing);
  const failed = failureOf(await run('google'));
  expect(failed).toMatchObject({ retryable: false, failure: { error: { code: 'model_refused' } } });
  expect(failed.failure.error.message).toContain('models/x is not found');
});
