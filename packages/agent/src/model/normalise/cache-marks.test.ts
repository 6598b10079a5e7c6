import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from '../../testing/attempt-input.js';
import { type CachingServer, startCachingServer } from '../../testing/caching-server.js';
import type { ToolKind } from '../../tools/tool.js';

let server: CachingServer;
beforeEach(async () => {
  server = await startCachingServer();
});
afterEach(() => server.close());

const look: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: ['first', 'look'].map((name) => ({
      name,
      description: name,
      parameters: { type: 'object' },
      repeat_safe: true,
      execute: async () => Math.random(),
    })),
  }),
};
const called = (id: string) => [{ type: 'tool_use', id, name: 'look', input: { id } }];

/** One task of an agent with two tools. */
async function run(id: string, question: string, withTools = true) {
  const input = attemptInput({
    model: 'anthropic:claude-sonnet-4-5',
    payload: { question },
    config: {
      output_schema: { type: 'string' },
      system_prompt: 'You sort tickets.',
      ...(withTools && { tools: [{ type: 'memory', name: 'm' }] }),
    },
  });
  const settings = { anthropic_api_key: 'k', anthropic_base_url: server.url };
  const outcome = await runAgentWith(settings, { memory: look })({ ...input, task: { ...input.task, id } });
  return resultOf(outcome).usage;
}

const marked = (block: { cache_control?: unknown }) => block.cache_control !== undefined;

test('each turn reads what the one before wrote, and another task reads tools and prompt', async () => {
  server.respond(called('a'), called('b'), [{ type: 'text', text: '"Done."' }]);
  const first = await run('task-1', 'One?');
  // 2 tools, 2 system blocks, 1 question; then a call and its result in each turn.
  expect(first).toMatchObject({
    input_tokens: 5_000 + 7_000 + 9_000,
    cached_input_tokens: 0 + 5_000 + 7_000,
    cache_write_tokens: 5_000 + 2_000 + 2_000,
  });

  server.respond([{ type: 'text', text: '"Done."' }]);
  const second = await run('task-2', 'Two?');
  expect(second).toMatchObject({
    input_tokens: 5_000,
    cached_input_tokens: 3_000,
    cache_write_tokens: 2_000,
  });
});

test('the stable part comes first, and at most four marks are sent', async () => {
  server.respond(called('a'), called('b'), [{ type: 'text', text: '"Done."' }]);
  await run('task-1', 'One?');
  const [first, , third] = server.bodies();
  expect(first.tools.map(marked)).toEqual([false, true]);
  expect(first.system.map(marked)).toEqual([true, false]);
  expect(first.system[0].text).toMatch(/^You sort tickets\.\n\nAnswer only with JSON/);
  expect(first.system[1].text).toMatch(/^Text between <data-/);
  expect(first.messages.map(({ content }: { content: object[] }) => content.map(marked))).toEqual([[true]]);

  const of = (message: { content: object[] }) => message.content.map(marked);
  expect(third.messages.map(of)).toEqual([[false], [false], [true], [false], [true]]);
});

test('an agent without tools has its prompt and its message marked', async () => {
  server.respond([{ type: 'text', text: '"Done."' }]);
  await run('task-1', 'One?', false);
  const [body] = server.bodies();
  expect(body.tools).toBeUndefined();
  expect(body.system.map(marked)).toEqual([true, false]);
  expect(body.messages[0].content.map(marked)).toEqual([true]);
});
