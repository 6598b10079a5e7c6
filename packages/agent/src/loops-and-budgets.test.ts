import type { LogEntry } from '@agenthook/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from './testing/attempt-input.js';
import { type ChatServer, calls, cc, says, startChatServer } from './testing/chat-server.js';
import type { ToolKind } from './tools/tool.js';

let server: ChatServer;
let made: number;
let atOnce: { now: number; most: number };

beforeEach(async () => {
  server = await startChatServer();
  [made, atOnce] = [0, { now: 0, most: 0 }];
});
afterEach(() => server.close());

const tool = (name: string, execute: () => Promise<unknown>) => ({
  name,
  description: name,
  parameters: { type: 'object' },
  repeat_safe: true,
  execute,
});
const kinds: { memory: ToolKind<'memory'> } = {
  memory: {
    type: 'memory',
    open: async () => ({
      tools: [
        tool('same', async () => {
          made++;
          return 'pending';
        }),
        tool('changing', async () => ++made),
        tool('slow', async () => {
          atOnce.most = Math.max(atOnce.most, ++atOnce.now);
          await new Promise((resolve) => setTimeout(resolve, 5));
          atOnce.now--;
        }),
      ],
    }),
  },
};

const run = (wanted: Wanted = {}) =>
  runAgentWith(
    { openai_base_url: `${server.url}/v1` },
    kinds,
  )(attemptInput({ model: 'compatible:m', ...wanted, config: { tools: [{ type: 'memory', name: 't' }] } }));
const callOf = (name: string, id = 'c', args = '{}') => ({ id, function: { name, arguments: args } });
const turns = (count: number, name: string) => Array.from({ length: count }, () => calls([callOf(name)]));

describe('the same call again and again', () => {
  test('is stopped with a word to the model after a few', async () => {
    server.respond(...turns(30, 'same'), says('I give up.'));
    const log: LogEntry[] = [];
    const result = resultOf(await run({ log, limits: { max_steps: 40 } }));
    expect(made).toBe(5);
    expect(result.tool_calls).toHaveLength(30);
    expect(result.tool_calls[5]?.error).toMatch(/was made 5 times with the same arguments/);
    expect(JSON.stringify(server.bodies().at(-1).messages)).toContain('was made 5 times');

    // Rebuilt from the journal, the run is the same and calls nothing.
    expect(resultOf(await run({ log, limits: { max_steps: 40 } })).tool_calls).toEqual(result.tool_calls);
    expect(made).toBe(5);
  });

  test('may go on while its result changes, up to a limit', async () => {
    server.respond(...turns(30, 'changing'), says('Done.'));
    resultOf(await run({ limits: { max_steps: 40 } }));
    expect(made).toBe(20);
  });

  test('with other arguments is another call', async () => {
    const each = Array.from({ length: 8 }, (_, n) => calls([callOf('same', 'c', `{"n":${n}}`)]));
    server.respond(...each, says('Done.'));
    resultOf(await run());
    expect(made).toBe(8);
  });
});

test('300 calls in one turn run a few at a time', async () => {
  const each = Array.from({ length: 300 }, (_, n) => callOf('slow', `c${n}`, `{"n":${n}}`));
  server.respond(calls(each), says('Done.'));
  expect(resultOf(await run()).tool_calls).toHaveLength(300);
  expect(atOnce.most).toBeGreaterThan(1);
  expect(atOnce.most).toBeLessThanOrEqual(8);
});

describe('tokens', () => {
  test('that the provider does not count are estimated, marked, and count for the budget', async () => {
    const silent = { ...(calls([callOf('changing')]).body as object), usage: undefined };
    server.respond({ body: silent }, { body: silent }, { body: silent });
    const { failure } = failureOf(await run({ limits: { max_total_tokens: 50 } }));
    expect(failure.error.code).toBe('budget_exhausted');
    expect(failure.usage).toMatchObject({ estimated: true });
    expect(failure.usage.input_tokens).toBeGreaterThan(20);
    expect(failure.usage.output_tokens).toBeGreaterThan(5);
  });

  test.each<[string, object, object]>([
    ['no output', { prompt_tokens: 5 }, { input_tokens: 5, estimated: true }],
    ['no input', { completion_tokens: 2 }, { output_tokens: 2, estimated: true }],
    ['texts', { prompt_tokens: '5', completion_tokens: '2' }, { input_tokens: 5, output_tokens: 2 }],
    ['no output but a total', { prompt_tokens: 5, total_tokens: 7 }, { input_tokens: 5, output_tokens: 2 }],
    ["another API's names", { input_tokens: 5, output_tokens: 2 }, { input_tokens: 5, output_tokens: 2 }],
    ['nulls', { prompt_tokens: null, completion_tokens: null }, { estimated: true }],
    ['a list', [], { estimated: true }],
  ])('of a provider that counts %s', async (_name, counts, expected) => {
    server.respond(cc({ message: { content: 'Done.' } }, { usage: counts }));
    const { usage } = resultOf(await run());
    expect(usage).toMatchObject(expected);
    expect(usage.input_tokens).toBeGreaterThan(0);
    expect(usage.output_tokens).toBeGreaterThan(0);
    expect('estimated' in usage).toBe('estimated' in expected);
  });

  test('that the provider counts are not marked', async () => {
    expect(resultOf(await run()).usage).toEqual({
      input_tokens: 5,
      output_tokens: 2,
      cached_input_tokens: 0,
      cache_write_tokens: 0,
      reasoning_tokens: 0,
      total_tokens: 7,
      cost_usd: null,
    });
  });

  test('of a run are no limit of an answer', async () => {
    await run({ limits: { max_total_tokens: 200_000 } });
    expect(server.bodies()[0]).not.toHaveProperty('max_tokens');
    await run({ limits: { max_total_tokens: 200_000, max_output_tokens: 99 } });
    expect(server.bodies()[1].max_tokens).toBe(99);
  });

  test('too few for another turn end the run', async () => {
    const usage = { prompt_tokens: 190, completion_tokens: 5, total_tokens: 195 };
    server.respond(cc({ message: { content: null, tool_calls: [callOf('same')] } }, { usage }));
    const { failure } = failureOf(await run({ limits: { max_total_tokens: 200 } }));
    expect(failure.error.code).toBe('budget_exhausted');
    expect(server.requests).toHaveLength(1);
  });
});
