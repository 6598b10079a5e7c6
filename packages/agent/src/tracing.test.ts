import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { attemptInput, runAgentWith } from './testing/attempt-input.js';
import type { ToolKind } from './tools/tool.js';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const processor = new SimpleSpanProcessor(exporter);
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
});

const memory: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      { name: 'look', description: '', parameters: {}, repeat_safe: true, execute: async () => 'seen' },
    ],
  }),
};
const run = runAgentWith({}, { memory });

/** The counters of an attempt, by name. */
function told(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of exporter.getFinishedSpans()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

test('each turn and call of a run has a span without content; replayed ones have none', async () => {
  const log: LogEntry[] = [];
  const look = { tool: { name: 'look', arguments: { words: 'private' } } };
  const steps = [look, { ...look, fail: 'unavailable', fail_times: 1 }];
  const payload = { sandbox: { steps, reply: 'private' } };
  const input = (attempt: number) =>
    attemptInput({ payload, log, attempt, config: { tools: [{ type: 'memory', name: 't' }] } });

  expect(await run(input(1))).toMatchObject({ outcome: 'failed' });
  expect(told()).toEqual({
    'chat echo': 2,
    'execute_tool look': 1,
    'agent run': 1,
  });
  expect(exporter.getFinishedSpans().at(-1)).toMatchObject({
    attributes: { 'error.type': 'model_unavailable' },
    status: { code: SpanStatusCode.ERROR },
  });

  exporter.reset();
  expect(await run(input(2))).toMatchObject({ outcome: 'succeeded', result: { steps: 3 } });
  expect(told()).toEqual({
    'chat echo': 2,
    'execute_tool look': 1,
    'agent run': 1,
  });
  const spans = exporter.getFinishedSpans();
  expect(spans.at(-1)?.attributes).toMatchObject({
    'agenthook.task.attempt': 2,
    'agenthook.replayed_turns': 1,
  });
  expect(JSON.stringify(spans.map(({ attributes, events }) => ({ attributes, events })))).not.toContain(
    'private',
  );
});
