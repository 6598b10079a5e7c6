import type { LogEntry } from '@agenthook/contracts';
import { startOpenAiServer } from '@agenthook/testing';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { attemptInput, failureOf, resultOf, runAgentWith } from '../testing/attempt-input.js';
import { startMcpServer } from '../testing/mcp-server.js';
import { mcpTool } from './mcp.js';

test('a server that is down loses its own tools if it is optional, and the run says so', async () => {
  const models = await startOpenAiServer();
  const up = await startMcpServer('http', (mcp) => {
    mcp.registerTool('look', { inputSchema: { n: z.number() } }, () => ({
      content: [{ type: 'text', text: 'seen' }],
    }));
  });
  const down = await startMcpServer('http', () => undefined);
  await down.close();

  const attempt = (optional: boolean, log: LogEntry[]) => {
    const tools = [
      { type: 'mcp' as const, name: 'up', url: up.url },
      { type: 'mcp' as const, name: 'down', url: down.url, optional },
    ];
    const run = runAgentWith({ openai_base_url: models.url }, { mcp: mcpTool });
    return run(attemptInput({ model: 'compatible:m', config: { tools }, log }));
  };
  expect(failureOf(await attempt(false, [])).failure.error.code).toBe('tool_failed');

  models.respond({ tool_calls: [{ name: 'up_look', arguments: { n: 1 } }] }, { text: 'Done.' });
  const log: LogEntry[] = [];
  expect(resultOf(await attempt(true, log))).toMatchObject({ tool_calls: [{ result: 'seen' }] });
  expect(log).toContainEqual(
    expect.objectContaining({
      type: 'note',
      text: expect.stringMatching(/"down" could not be opened.*optional/),
    }),
  );
  await Promise.all([models.close(), up.close()]);
});
