import type { LogEntry } from '@agenthook/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { attemptInput, runAgentWith } from './testing/attempt-input.js';
import type { ToolKind } from './tools/tool.js';

const exporter = new InMemorySpanExporter();
const counted = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: counted, exportIntervalMillis: 3_600_000 })],
});

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  metrics.setGlobalMeterProvider(meters);
  const processor = new SimpleSpanProcessor({ exporter });
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [processor] }));
});
beforeEach(async () => {
  exporter.reset();
  await meters.forceFlush();
  counted.reset();
});
afterAll(async () => {
  await meters.shutdown();
  metrics.disable();
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
    'invoke_agent Triage': 1,
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
    'invoke_agent Triage': 1,
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

/** What was counted since the test began: each series with its labels, number and sum. */
async function counts() {
  await meters.forceFlush();
  return counted.getMetrics().flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) =>
      scope.metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => {
          const { count, sum } = value as Histogram;
          return { name: descriptor.name, unit: descriptor.unit, attributes, count, sum };
        }),
      ),
    ),
  );
}

test('turns with their tokens, calls and runs are counted, failed ones by their code, without content', async () => {
  const steps = [{ tool: { name: 'look', arguments: { words: 'private' } }, tokens: 40 }];
  const payload = { sandbox: { steps, reply: 'private' } };
  await run(attemptInput({ payload, config: { tools: [{ type: 'memory', name: 't' }] } }));
  await run(attemptInput({ payload: { sandbox: { steps: [{ fail: 'unavailable' }] } } }));
  const all = await counts();

  const chat = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'sandbox',
    'gen_ai.request.model': 'echo',
  };
  const agent = { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'Triage' };
  const of = (name: string) =>
    all.filter((series) => series.name === name).map(({ attributes, count }) => ({ attributes, count }));
  expect(of('gen_ai.client.operation.duration')).toEqual([
    { attributes: chat, count: 2 },
    { attributes: { ...chat, 'error.type': expect.any(String) }, count: 1 },
  ]);
  expect(of('gen_ai.execute_tool.duration')).toEqual([
    { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'look' }, count: 1 },
  ]);
  expect(of('gen_ai.invoke_agent.duration')).toEqual([
    { attributes: agent, count: 1 },
    { attributes: { ...agent, 'error.type': 'model_unavailable' }, count: 1 },
  ]);
  const output = all.find(({ attributes }) => attributes['gen_ai.token.type'] === 'output');
  expect(output).toMatchObject({ name: 'gen_ai.client.token.usage', unit: '{token}', count: 2, sum: 40 });
  expect(JSON.stringify(all)).not.toContain('private');
});

describe('a conversation, a cached prompt and content', () => {
  const sent = {
    steps: [{ tool: { name: 'look', arguments: { words: 'private', key: 'tool-secret-0000' } } }],
  };
  const wanted = {
    payload: { question: 'private question', sandbox: { ...sent, reply: 'private reply' } },
    config: {
      tools: [{ type: 'memory' as const, name: 't', secrets: { key: 'tool-secret-0000' } }],
    },
  };
  const input = () => {
    const given = attemptInput(wanted);
    return { ...given, task: { ...given.task, conversation_id: 'cnv_1' } };
  };
  const spansOf = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

  test('the conversation and the agent are named', async () => {
    await run(input());
    expect(spansOf('invoke_agent Triage')[0]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'Triage',
      'gen_ai.agent.version': '3',
      'gen_ai.conversation.id': 'cnv_1',
    });
    expect(spansOf('chat echo')[0]?.attributes).toMatchObject({ 'gen_ai.conversation.id': 'cnv_1' });
    expect(spansOf('execute_tool look')[0]?.attributes).toMatchObject({ 'gen_ai.tool.type': 'function' });
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      'private',
    );
  });

  test('the operator may opt in to content, which has no secrets', async () => {
    const telling = runAgentWith({}, { memory }, { tracesContent: true });
    await telling(input());
    const [first, last] = spansOf('chat echo').map(({ attributes }) => attributes);
    const read = (value: unknown) => JSON.parse(String(value));
    expect(JSON.stringify(read(first?.['gen_ai.system_instructions']))).toContain('You sort tickets.');
    expect(read(first?.['gen_ai.input.messages'])).toMatchObject([
      { role: 'user', parts: [{ type: 'text', content: expect.stringContaining('private question') }] },
    ]);
    expect(read(first?.['gen_ai.output.messages'])).toMatchObject([
      { role: 'assistant', parts: [{ type: 'tool_call', name: 'look' }], finish_reason: 'tool-calls' },
    ]);
    expect(read(last?.['gen_ai.output.messages'])[0].parts).toEqual([
      { type: 'text', content: 'private reply' },
    ]);
    const [call] = spansOf('execute_tool look');
    expect(read(call?.attributes['gen_ai.tool.call.arguments'])).toEqual({
      words: 'private',
      key: '[redacted]',
    });
    expect(read(call?.attributes['gen_ai.tool.call.result'])).toBe('seen');
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toContain(
      'tool-secret-0000',
    );
  });
});
