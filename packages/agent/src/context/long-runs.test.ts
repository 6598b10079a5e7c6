import type { LogEntry } from '@agenthook/contracts';
import { afterEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../testing/attempt-input.js';
import { startRecordingServer } from '../testing/recording-server.js';
import { startWindowServer, type WindowServer } from '../testing/window-server.js';
import { httpTool } from '../tools/http.js';
import type { ToolKind } from '../tools/tool.js';

const KB = 1024;
let server: WindowServer;

afterEach(() => server.close());

/** `page` returns 50 KB that only this page has. */
const kinds: { memory: ToolKind<'memory'> } = {
  memory: {
    type: 'memory',
    open: async () => ({
      tools: [
        {
          name: 'page',
          description: 'Reads a page.',
          parameters: { type: 'object', properties: { n: { type: 'integer' } } },
          repeat_safe: true,
          execute: async ({ n }) =>
            `page ${n} begins ${`${n} lorem ipsum `.repeat(50 * KB).slice(0, 50 * KB)}`,
        },
      ],
    }),
  },
};

const run = (wanted: Wanted = {}) =>
  runAgentWith(
    { openai_base_url: `${server.url}/v1` },
    kinds,
  )(
    attemptInput({
      model: 'compatible:gpt-4o',
      ...wanted,
      limits: { max_steps: 500, timeout_seconds: 300, ...wanted.limits },
      config: { tools: [{ type: 'memory', name: 't' }], ...wanted.config },
    }),
  );
const callPage = (n: number) => ({ name: 'page', arguments: { n } });

describe('steps with 50 KB each', () => {
  test.each([
    ['compatible:gpt-4o', 'whose window is known', 0, 200],
    ['compatible:nobody-knows', 'whose window shows in a refusal', 1, 40],
  ])(
    'end well on %s, %s',
    async (model, _why, refusals, steps) => {
      server = await startWindowServer({
        window: 128_000,
        turns: Array.from({ length: steps }, (_, n) => callPage(n)),
      });
      const log: LogEntry[] = [];
      const result = resultOf(await run({ model, log }));
      expect(result).toMatchObject({ answer: 'Done.', steps: steps + 1 });
      expect(result.tool_calls).toHaveLength(steps);
      expect(server.refused).toBe(refusals);
      // All of each result stays in the journal.
      const results = log.filter((entry) => entry.type === 'tool_finished');
      for (const { result } of results) expect(String(result).length).toBeGreaterThan(50 * KB);
      expect(JSON.stringify(log).length).toBeLessThan(steps * 55 * KB);
      // The model was told, could read on, and knows what it did.
      const last = JSON.stringify(server.requests.at(-1)?.messages);
      expect(last).toMatch(/only 500 of the \d+ characters/);
      expect(last).toContain(`page ${steps - 1} begins`);
      expect(server.requests.at(-1)?.tools.map(({ name }) => name)).toContain('read_more');
      expect(server.requests[0]?.tools.map(({ name }) => name)).toEqual(['page']);
    },
    120_000,
  );
});

test('turns that are still too long are summarised, with a list of the calls', async () => {
  const turns = Array.from({ length: 60 }, (_, n) => ({
    name: 'page',
    arguments: { n, why: 'why '.repeat(500) },
  }));
  server = await startWindowServer({ window: 32_000, turns });
  const log: LogEntry[] = [];
  const result = resultOf(await run({ model: 'compatible:nobody-knows', log }));
  expect(result).toMatchObject({ answer: 'Done.', steps: 61 });
  expect(server.refused).toBe(1);
  const summaries = log.flatMap((entry) => (entry.type === 'context' && entry.summary ? [entry] : []));
  expect(summaries.length).toBeGreaterThan(1);
  const last = JSON.stringify(server.requests.at(-1)?.messages);
  expect(last).toContain(`Summary number ${summaries.length}.`);
  expect(last).toContain('page {');
  // They cost what the provider counted, and the run's usage has them.
  const turnTokens = log.reduce((sum, entry) => sum + (entry.type === 'turn' ? entry.input_tokens : 0), 0);
  const summaryTokens = summaries.reduce((sum, { spent }) => sum + (spent?.input_tokens ?? 0), 0);
  expect(summaryTokens).toBeGreaterThan(0);
  expect(result.usage.input_tokens).toBe(turnTokens + summaryTokens);
}, 60_000);

test('a run that is continued sends the same', async () => {
  const turns = Array.from({ length: 12 }, (_, n) => callPage(n));
  server = await startWindowServer({ window: 40_000, turns });
  const log: LogEntry[] = [];
  resultOf(await run({ model: 'compatible:nobody-knows', log }));
  const whole = server.requests.filter(({ refused }) => !refused);
  await server.close();
  // The worker dies after each turn in turn; the next one has the journal up to there.
  for (const kept of [5, 9, 11]) {
    server = await startWindowServer({ window: 40_000, turns, from: kept });
    const ends = log.flatMap(({ type }, index) => (type === 'turn' ? [index] : []));
    const before = log.slice(0, ends[kept]);
    const rest = [...before];
    resultOf(await run({ model: 'compatible:nobody-knows', log: rest, attempt: 2 }));
    const again = server.requests.filter(({ refused, summary }) => !refused && !summary);
    const expected = whole.filter(({ summary }) => !summary).slice(kept);
    expect(again.map(({ messages }) => messages)).toEqual(expected.map(({ messages }) => messages));
    await server.close();
  }
}, 60_000);

test('a result can be read on', async () => {
  server = await startWindowServer({
    window: 20_000,
    turns: [
      callPage(1),
      callPage(2),
      callPage(3),
      { name: 'read_more', arguments: { result: 1, offset: 500 } },
    ],
  });
  const result = resultOf(await run());
  expect(result.tool_calls.at(-1)?.result).toMatch(/^Characters 500 to 20500 of 51\d{3} of result 1:\n/);
  expect(result.answer).toBe('Done.');
});

describe('a request that is too long', () => {
  test('because of one result is sent with less of it', async () => {
    server = await startWindowServer({ window: 5_000, turns: [callPage(1)] });
    expect(resultOf(await run({ model: 'compatible:nobody-knows' })).answer).toBe('Done.');
    expect(server.refused).toBe(1);
  });

  test('with nothing to leave out is context_exceeded, after one call', async () => {
    server = await startWindowServer({ window: 100, turns: [] });
    const payload = { question: 'x'.repeat(5_000) };
    expect(failureOf(await run({ payload })).failure.error.code).toBe('context_exceeded');
    expect(server.requests).toHaveLength(1);
  });

  test('for all that was tried is context_exceeded, after a few calls', async () => {
    server = await startWindowServer({ window: 100, turns: [callPage(1)], opening: 100_000 });
    expect(failureOf(await run()).failure.error.code).toBe('context_exceeded');
    expect(server.requests.length).toBeLessThan(8);
  });
});

test('a result that its tool cuts can be read to its end', async () => {
  server = await startWindowServer({
    window: 128_000,
    turns: [callPage(1), { name: 'read_more', arguments: { result: 1, offset: 45_000 } }],
  });
  const result = resultOf(
    await run({ config: { tools: [{ type: 'memory', name: 't', max_result_characters: 1_000 }] } }),
  );
  expect(result.tool_calls[0]?.result).toMatchObject({ truncated: true });
  expect(result.tool_calls[1]?.result).toMatch(/^Characters 45000 to 51\d{3} of 51\d{3} of result 1:\n/);
});

test('a long body of an http tool can be read to its end', async () => {
  const body = `${'a'.repeat(25_000)}the end`;
  const site = await startRecordingServer((_request, response) => void response.end(body));
  server = await startWindowServer({
    window: 128_000,
    turns: [
      { name: 'fetch_it', arguments: {} },
      { name: 'read_more', arguments: { result: 1, offset: 20_000 } },
    ],
  });
  const tools = [
    { type: 'http' as const, name: 'fetch_it', description: 'x', method: 'GET' as const, url: site.url },
  ];
  const result = resultOf(
    await runAgentWith(
      { openai_base_url: `${server.url}/v1` },
      { http: httpTool },
    )(attemptInput({ model: 'compatible:m', config: { tools } as never })),
  );
  expect(JSON.stringify(server.requests[1]?.messages)).toContain('\\"offset\\": 20000');
  expect(result.tool_calls[1]?.result).toMatch(
    /^Characters 20000 to 25007 of 25007 of result 1:\na{5000}the end$/,
  );
  await site.close();
});
