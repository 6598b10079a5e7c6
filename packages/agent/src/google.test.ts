import { costOf, createPrices } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';

import { attemptInput, failureOf, resultOf, runAgentWith } from './testing/attempt-input.js';
import { startRecordingServer } from './testing/recording-server.js';

describe('google', () => {
  async function answerTo(body: unknown) {
    const server = await startRecordingServer((_request, response) =>
      typeof body === 'string' ? void response.end(body) : body,
    );
    const google_base_url = `${server.url}/v1beta`;
    const run = runAgentWith({ google_api_key: 'key-for-google', google_base_url });
    const outcome = await run(attemptInput({ model: 'google:gemini-2.5-flash' }));
    await server.close();
    const seen = server.requests.map(({ path, headers }) => `${path} ${headers['x-goog-api-key']}`);
    return { outcome, seen };
  }

  test('answers over HTTP', async () => {
    const candidates = [{ content: { role: 'model', parts: [{ text: 'Hello.' }] }, finishReason: 'STOP' }];
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 };
    const { outcome, seen } = await answerTo({ candidates, usageMetadata });
    const usage = {
      input_tokens: 4,
      output_tokens: 2,
      total_tokens: 6,
      cost_usd: costOf(createPrices()('google:gemini-2.5-flash'), { input_tokens: 4, output_tokens: 2 }),
    };
    expect(resultOf(outcome)).toMatchObject({ answer: 'Hello.', usage });
    expect(seen).toEqual(['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse key-for-google']);
  });

  const chunk = (text: string, finishReason?: string) => ({
    candidates: [{ content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }) }],
  });

  test('answers with a list of events where a gateway drops the query', async () => {
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 };
    const { outcome } = await answerTo([chunk('Hel'), { ...chunk('lo.', 'STOP'), usageMetadata }]);
    expect(resultOf(outcome)).toMatchObject({ answer: 'Hello.', usage: { total_tokens: 6 } });
  });

  test.each<[string, unknown, string]>([
    ['a list of events that ends before its answer does', [chunk('Hel')], 'model_unavailable'],
    [
      'a list that is cut between its events',
      `[${JSON.stringify(chunk('Hel'))}\n,\n${JSON.stringify(chunk('lo.', 'STOP'))}\n`,
      'model_unavailable',
    ],
    ['a list with an error', [chunk('Hel'), { error: { code: 429, message: 'slow' } }], 'model_rate_limited'],
    ['a blocked prompt', { promptFeedback: { blockReason: 'SAFETY' } }, 'model_refused'],
    ['a blocked answer', { candidates: [{ content: {}, finishReason: 'SAFETY' }] }, 'model_refused'],
    ['an answer without an answer', {}, 'model_unavailable'],
    ['another shape', { candidates: 'none' }, 'model_unavailable'],
  ])('%s', async (_name, body, code) => {
    expect(failureOf((await answerTo(body)).outcome).failure.error.code).toBe(code);
  });

  test('code that nobody executes is no answer, and text beside it is one', async () => {
    const code = { executableCode: { language: 'PYTHON', code: 'print(weather())' } };
    const answer = (...parts: object[]) => ({
      candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }],
    });
    const { outcome, seen } = await answerTo(answer(code));
    expect(failureOf(outcome).failure).toMatchObject({ error: { code: 'model_empty' }, tool_calls: [] });
    expect(seen).toHaveLength(2);
    expect(resultOf((await answerTo(answer({ text: 'Done.' }, code))).outcome).answer).toBe('Done.');
  });

  test.each([
    'MALFORMED_FUNCTION_CALL',
    'UNEXPECTED_TOOL_CALL',
    'TOO_MANY_TOOL_CALLS',
    'MALFORMED_RESPONSE',
    'MISSING_THOUGHT_SIGNATURE',
  ])('text beside a lost call (%s) is no answer', async (finishReason) => {
    const content = { role: 'model', parts: [{ text: 'I will look it up.' }] };
    const { outcome, seen } = await answerTo({ candidates: [{ content, finishReason }] });
    expect(failureOf(outcome).failure.error).toMatchObject({
      code: 'invalid_output',
      message: expect.stringContaining(finishReason),
    });
    expect(seen).toHaveLength(2);
  });
});
