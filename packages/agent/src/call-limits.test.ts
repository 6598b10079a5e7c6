import type { HttpTool } from '@agenthook/contracts';
import { type ModelServer, startOpenAiServer } from '@agenthook/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from './testing/attempt-input.js';
import { type Answer, type RecordingServer, startRecordingServer } from './testing/recording-server.js';
import { httpTool } from './tools/http.js';

let models: ModelServer;
let server: RecordingServer;
let answer: Answer;

beforeEach(async () => {
  models = await startOpenAiServer();
  server = await startRecordingServer((request, response) => answer(request, response));
});
afterEach(() => Promise.all([models.close(), server.close()]));

/** The only call of a run with this tool, and what the model was told about it. */
async function called(config: Partial<HttpTool>) {
  models.respond({ tool_calls: [{ name: 'pay', arguments: {} }] }, { text: 'Done.' });
  const tool = { type: 'http', name: 'pay', method: 'POST', url: server.url, ...config } as const;
  const run = runAgentWith({ openai_base_url: models.url }, { http: httpTool });
  const result = resultOf(await run(attemptInput({ model: 'compatible:m', config: { tools: [tool] } })));
  return { call: result.tool_calls[0], told: JSON.stringify(models.requests.at(-1)?.body) };
}

const IN_DOUBT = 'not known whether the call took effect';

test('timeout_seconds ends a call, whose outcome is then unknown', async () => {
  answer = () => undefined;
  const { call, told } = await called({ timeout_seconds: 1 });
  expect(call?.error).toMatch(/1 s/);
  expect(told).toContain(IN_DOUBT);
  expect((await called({ timeout_seconds: 1, repeat_safe: true })).told).not.toContain(IN_DOUBT);
});

test.each<[string, Answer, boolean]>([
  ['the connection breaks', (_, response) => response.destroy(), true],
  ['a gateway gives up', (_, response) => response.writeHead(504).end(), true],
  ['the server refuses', (_, response) => response.writeHead(409).end('taken'), false],
  [
    'it is redirected elsewhere',
    (_, response) => response.writeHead(303, { location: 'http://169.254.169.254/' }).end(),
    true,
  ],
])('a call that is not repeat-safe leaves its outcome open if %s', async (_how, how, inDoubt) => {
  answer = how;
  const { told } = await called({});
  expect(told.includes(IN_DOUBT)).toBe(inDoubt);
});

test('nothing is in doubt if no connection was made', async () => {
  await server.close();
  const { call, told } = await called({});
  expect(call?.error).toContain('the connection was refused');
  expect(told).not.toContain(IN_DOUBT);
});

test('max_result_characters bounds what the model receives', async () => {
  answer = () => 'x'.repeat(50_000);
  expect(JSON.stringify((await called({ max_result_characters: 600 })).call?.result).length).toBeLessThan(
    900,
  );
  expect(JSON.stringify((await called({})).call?.result).length).toBeLessThan(21_000);
  expect(JSON.stringify((await called({ max_result_characters: 60_000 })).call?.result)).toContain(
    'x'.repeat(50_000),
  );
});
