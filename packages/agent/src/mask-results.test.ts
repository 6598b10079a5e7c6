import type { AgentConfig, LogEntry } from '@agenthook/contracts';
import { startOpenAiServer } from '@agenthook/testing';
import { expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from './testing/attempt-input.js';
import { type OpenTool, ToolError, type ToolKind, withRest } from './tools/tool.js';

const CARD = '4111111111111111';
const BODY = { body: `card ${CARD}`, id: 820982911946154 };
const open = (name: string, execute: OpenTool['execute']): OpenTool => ({
  name,
  description: name,
  parameters: { type: 'object', properties: {} },
  repeat_safe: true,
  execute,
});
const tools: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      open('found', async () => withRest(BODY, `more ${CARD}`)),
      open('fails', async () => {
        throw new ToolError(`no such card: ${CARD}`);
      }),
    ],
  }),
};
const SCRIPT = [
  { tool_calls: [{ id: 'a', name: 'found', arguments: {} }] },
  { tool_calls: [{ id: 'b', name: 'fails', arguments: {} }] },
  { text: 'Done.', usage: { input_tokens: 10, output_tokens: 1 } },
];

async function run(config: Partial<AgentConfig>) {
  const server = await startOpenAiServer();
  server.respond(...SCRIPT);
  const { url, requests } = server;
  const log: LogEntry[] = [];
  const all = {
    tools: [{ type: 'memory' as const, name: 't' }],
    masks: [{ pattern: '4\\d{15}' }],
    ...config,
  };
  const input = attemptInput({ model: 'compatible:m', config: all, log });
  const result = resultOf(await runAgentWith({ openai_base_url: url }, { memory: tools })(input));
  await server.close();
  return JSON.stringify({ log, result, sent: requests.map(({ body }) => body) });
}

test('what tools return is masked for the model and for the journal', async () => {
  const seen = await run({ retention: { days: null, store: 'redacted' } });
  expect(seen).not.toContain(CARD);
  for (const part of ['card [masked]', 'more [masked]', 'no such card: [masked]', '820982911946154'])
    expect(seen).toContain(part);
});

test('and is kept as it is unless the agent stores it redacted', async () => {
  expect(await run({})).toContain(CARD);
});
