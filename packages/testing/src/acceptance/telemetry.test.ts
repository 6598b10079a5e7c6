import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type OtlpReceiver,
  type ReceivedSpan,
  type Stack,
  startOtlpReceiver,
  startStack,
  until,
} from '../index.js';

const TRIGGER = 'POST /api/webhooks/agents/:token';
const RUN = 'invoke_agent Traced';
const TURN = 'chat echo';
const CALL = 'execute_tool notes_save';
const SERVER = 2;
const CONSUMER = 5;
const FAILED = 2;

/** A unique text, for what must not appear in a trace. */
const secret = (what: string) => `${what}-${randomBytes(9).toString('base64url')}`;
const save = (key: string, text: string) => ({ tool: { name: 'notes_save', arguments: { key, text } } });
const named = (spans: ReceivedSpan[], name: string) => spans.filter((span) => span.name === name);

/** How often each name occurs among the spans below one, level by level. */
function levels(spans: ReceivedSpan[], parents: string[]): Record<string, number>[] {
  const level = spans.filter(({ parentSpanId }) => parents.includes(parentSpanId));
  if (level.length === 0) return [];
  const counts = Object.fromEntries(level.map(({ name }) => [name, named(level, name).length]));
  const ids = level.map(({ spanId }) => spanId);
  return [counts, ...levels(spans, ids)];
}

/** Triggers an agent that can take notes, as part of the caller's trace, and waits for its end. */
async function fire(sandbox: object, headers: Record<string, string>) {
  const tools = [{ type: 'memory', name: 'notes' }];
  const { id } = await stack.createAgent({
    name: 'Traced',
    tools,
    sandbox_tools: true,
    limits: { max_attempts: 2 },
  });
  const { token } = await stack.mintWebhook(id);
  const payload = secret('payload');
  const url = `${stack.url}/api/webhooks/agents/${token}?q=${payload}`;
  const { status, body } = await stack.trigger(
    url,
    { payload, sandbox },
    { baggage: `b=${payload}`, ...headers },
  );
  expect(status).toBe(200);
  return { task: await stack.poll(body.task_id, { timeoutMs: 20_000 }), token, payload };
}

let collector: OtlpReceiver;
let stack: Stack;
const modelKey = secret('sk');
const collectorKey = secret('collector');
const caller = 'a1b2c3d4e5f60718';

beforeAll(async () => {
  collector = await startOtlpReceiver();
  stack = await startStack({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${collectorKey}`,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OPENAI_API_KEY: modelKey,
    },
  });
});

afterAll(async () => {
  await stack?.stop();
  await collector?.close();
});

const logLine = (part: string) =>
  stack
    .logs()
    .split('\n')
    .find((line) => line.includes(part));

/** Calls `fire`, and waits for the last spans of its trace: the trigger's and those of `runs` runs. */
async function traced(sandbox: object, runs: number) {
  const traceId = randomBytes(16).toString('hex');
  const fired = await fire(sandbox, { traceparent: `00-${traceId}-${caller}-01` });
  const spans = await until('the spans have arrived', () => {
    const own = collector.spans().filter((span) => span.traceId === traceId);
    const ended = (kind: number) => own.filter((span) => span.kind === kind).length;
    return ended(CONSUMER) === runs && ended(SERVER) === 1 && own;
  });
  return { ...fired, spans, traceId };
}

test('one trace goes from the caller through the trigger to the last tool call, without content', async () => {
  const [note, reply] = [secret('note'), secret('reply')];
  // The tool refuses a blank note without quoting it; its span only says that it failed.
  const steps = [{ ...save('one', note), tokens: 7 }, save('two', ' '), save('three', note)];
  const { task, spans, traceId, token, payload } = await traced({ steps, reply }, 1);
  expect(task).toMatchObject({ status: 'SUCCESS', result: { answer: reply } });

  expect(levels(spans, [caller])).toEqual([
    { [TRIGGER]: 1 },
    { 'add tasks.run': 1 },
    { 'process tasks': 1 },
    { [RUN]: 1 },
    { [TURN]: 4, [CALL]: 3 },
  ]);
  const of = (service: string) => spans.filter((span) => span.service === service).length;
  expect([of('agenthook-api'), of('agenthook-worker'), spans.length]).toEqual([2, 9, 11]);
  expect(named(spans, TRIGGER)[0]?.attributes).toEqual({
    'http.request.method': 'POST',
    'http.route': '/api/webhooks/agents/:token',
    'http.response.status_code': 200,
  });
  expect(named(spans, RUN)[0]).toMatchObject({
    status: 0,
    attributes: { 'agenthook.task.id': task.task_id, 'agenthook.task.attempt': 1 },
  });
  expect(named(spans, TURN)[0]?.attributes).toMatchObject({
    'agenthook.model': 'sandbox:echo',
    'gen_ai.request.model': 'echo',
    'gen_ai.usage.output_tokens': 7,
  });
  expect(named(spans, CALL).map(({ status }) => status)).toEqual([0, FAILED, 0]);
  expect(named(spans, CALL).map(({ attributes }) => attributes['gen_ai.tool.name'])).toEqual(
    Array(3).fill('notes_save'),
  );

  // BullMQ's background work makes no spans.
  const others = collector.spans().filter((span) => span.traceId !== traceId);
  expect(others.filter(({ kind }) => kind !== SERVER)).toEqual([]);

  const sent = collector.requests.map(({ body }) => body).join('\n');
  for (const hidden of [token, payload, note, reply, modelKey, collectorKey, stack.adminKey]) {
    expect(sent).not.toContain(hidden);
  }
  expect(sent).not.toContain('must be a text');
  expect(collector.requests[0]?.headers['x-collector-key']).toBe(collectorKey);
  expect(logLine(task.task_id)).toContain(`"trace_id":"${traceId}"`);
});

test('a resumed run traces only what it does again', async () => {
  const steps = [save('one', 'a'), { ...save('two', 'b'), fail: 'unavailable', fail_times: 1 }];
  const { task, spans, traceId } = await traced({ steps, reply: 'Done.' }, 2);
  expect(task).toMatchObject({ status: 'SUCCESS', result: { steps: 3 } });

  const [first, second] = named(spans, RUN);
  expect(first).toMatchObject({ status: FAILED, attributes: { 'error.type': 'model_unavailable' } });
  expect(second).toMatchObject({ status: 0, attributes: { 'agenthook.replayed_turns': 1 } });
  const below = (run?: ReceivedSpan) => levels(spans, [run?.spanId ?? '']).at(-1);
  expect(below(first)).toEqual({ [TURN]: 2, [CALL]: 1 });
  expect(below(second)).toEqual({ [TURN]: 2, [CALL]: 1 });
  expect(logLine('attempt failed')).toContain(`"trace_id":"${traceId}"`);
});

test('the run of an agent that another one calls is in the trace of its caller', async () => {
  const child = await stack.createAgent({ name: 'Child', input_schema: { type: 'object' } });
  const parent = await stack.createAgent({
    name: 'Parent',
    sandbox_tools: true,
    tools: [{ type: 'agent', name: 'ask', agent_id: child.id }],
  });
  const { token } = await stack.mintWebhook(parent.id);
  const traceId = randomBytes(16).toString('hex');
  const sandbox = { steps: [{ tool: { name: 'ask', arguments: { a: 1 } } }], reply: 'Done.' };
  const headers = { traceparent: `00-${traceId}-${caller}-01` };
  const { body } = await stack.trigger(token, { sandbox }, headers);
  expect(await stack.poll(body.task_id)).toMatchObject({ status: 'SUCCESS' });
  const spans = await until('the spans have arrived', () => {
    const own = collector.spans().filter((span) => span.traceId === traceId);
    // The parent runs before and after its child.
    return (
      named(own, 'invoke_agent Parent').length === 2 && named(own, 'invoke_agent Child').length > 0 && own
    );
  });
  const [run] = named(spans, 'invoke_agent Child');
  const parents: string[] = [];
  for (let span = run; span; span = spans.find(({ spanId }) => spanId === span?.parentSpanId)) {
    parents.push(span.name);
  }
  expect(parents).toContain('invoke_agent Parent');
  expect(run?.attributes).toMatchObject({ 'gen_ai.agent.name': 'Child' });
});

test('the worker counts turns, calls and runs for the collector', async () => {
  const { task } = await traced({ steps: [save('one', 'a')], reply: 'Done.' }, 1);
  expect(task).toMatchObject({ status: 'SUCCESS' });
  const ofCalls = await until('the calls have arrived', () =>
    collector.series().find(({ name }) => name === 'gen_ai.execute_tool.duration'),
  );
  expect(ofCalls).toMatchObject({
    service: 'agenthook-worker',
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'notes_save' },
  });
  const names = new Set(collector.series().map(({ name }) => name));
  expect(names).toContain('gen_ai.client.operation.duration');
});
