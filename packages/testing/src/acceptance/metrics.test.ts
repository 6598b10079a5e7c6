import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readScrape } from '../harness/read-scrape.js';
import { type Stack, startStack, until } from '../index.js';

// A stack of its own: what its processes have counted is compared exactly.
let stack: Stack;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** A scrape, and the value of a sample in it. */
async function scrape() {
  const answer = await fetch(`${stack.url}/metrics`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const text = await answer.text();
  const { samples, types } = readScrape(text);
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find(
      (sample) =>
        sample.name === `agenthook_${name}` &&
        Object.entries(labels).every(([label, expected]) => sample.labels[label] === expected),
    )?.value;
  return { text, samples, types, value };
}

const SLOW = { sandbox: { steps: [{ latency_ms: 60_000 }], reply: 'done' } };
let agent: string;

beforeAll(async () => {
  stack = await startStack({ env: { WORKER_CONCURRENCY: '2' } });
  const { id } = await stack.createAgent({
    name: 'measured',
    tools: [{ type: 'memory', name: 'notes' }],
    sandbox_tools: true,
    limits: { max_concurrency: 1, max_attempts: 2 },
    filter: 'payload.skip != true',
    input_schema: { type: 'object', properties: { n: { type: 'integer' } } },
  });
  agent = id;
  const { token } = await stack.mintWebhook(id);
  const done = await stack.trigger(token, {
    sandbox: {
      steps: [{ tool: { name: 'notes_recall', arguments: { query: 'x' } }, latency_ms: 20, tokens: 7 }],
      reply: 'done',
    },
  });
  await stack.poll(done.body.task_id);
  const failed = await stack.trigger(token, { sandbox: { steps: [{ fail: 'refused' }] } });
  await stack.poll(failed.body.task_id);
  await stack.trigger(token, { skip: true });
  await stack.trigger(token, { n: 'no number' });
  for (let n = 0; n < 3; n++) await stack.trigger(token, SLOW);
  await until('all is counted', async () => {
    const { value } = await scrape();
    const runs = value('run_duration_seconds_count', { agent: id, code: 'model_refused' });
    return runs === 1 && value('refused_total', { code: 'invalid_payload' }) === 1;
  });
});

afterAll(() => stack?.stop());

test('runs, waits and steps by agent and code, models, tools and events', async () => {
  const { value } = await scrape();
  for (const code of ['ok', 'model_refused'])
    expect(value('run_duration_seconds_count', { agent, code })).toBe(1);
  expect(value('wait_duration_seconds_count', { agent })).toBe(3);
  expect(value('step_duration_seconds_count', { agent, code: 'ok' })).toBe(3);
  const model = { model: 'sandbox:echo' };
  expect(value('model_duration_seconds_bucket', { ...model, le: '+Inf' })).toBe(3);
  expect(value('model_duration_seconds_sum', model)).toBeGreaterThanOrEqual(0.02);
  expect(value('model_tokens_total', { ...model, type: 'output' })).toBeGreaterThan(0);
  expect(value('tool_duration_seconds_count', { tool: 'notes_recall', outcome: 'ok' })).toBe(1);
  expect(value('attempt_failures_total', { agent, code: 'model_refused', retry: 'false' })).toBe(1);
  expect(value('filtered_total', { reason: 'filter' })).toBe(1);
  expect(value('refused_total', { code: 'invalid_payload' })).toBe(1);
  const route = '/api/webhooks/agents/:token';
  expect(value('http_requests_total', { method: 'POST', route, status: '422' })).toBe(1);
  expect(value('http_request_duration_seconds_count', { route })).toBe(7);
});

test('waiting tasks by reason, with the age of the oldest', async () => {
  const { value } = await scrape();
  const reason = 'max_concurrency';
  expect(value('tasks_waiting', { reason })).toBe(2);
  expect(value('tasks_waiting_oldest_seconds', { reason })).toBeGreaterThan(0);
  expect(value('parks_total', { reason })).toBeGreaterThanOrEqual(2);
});

test('processes, Redis and the build', async () => {
  const { value } = await scrape();
  expect(value('workers')).toBe(1);
  expect([value('slots'), value('slots_taken')]).toEqual([2, 1]);
  for (const kind of ['api', 'worker']) {
    expect(value('event_loop_lag_seconds', { kind })).toBeGreaterThanOrEqual(0);
    expect(value('process_memory_bytes', { kind })).toBeGreaterThan(1e6);
  }
  expect(value('redis_memory_bytes')).toBeGreaterThan(1e5);
  expect(value('retained_tasks')).toBe(2);
  expect(value('retained_bytes')).toBeGreaterThan(100);
  expect(value('build_info', { node: process.versions.node })).toBe(1);
});

test('labels name nothing of outsiders', async () => {
  const { samples } = await scrape();
  const names = new Set(samples.flatMap(({ labels }) => Object.keys(labels)));
  expect([...names].sort()).toEqual(
    [
      'agent',
      'code',
      'kind',
      'le',
      'method',
      'model',
      'node',
      'outcome',
      'reason',
      'retry',
      'route',
      'status',
    ].concat(['tool', 'type', 'version']),
  );
});

test('every metric of the dashboard and the alert rules exists', async () => {
  const { types } = await scrape();
  for (const file of ['deploy/grafana/agenthook.json', 'deploy/prometheus/agenthook-alerts.yml']) {
    const named = readFileSync(`${ROOT}${file}`, 'utf8').match(/agenthook_[a-z_]+/g) ?? [];
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) {
      const known = types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram';
      expect([file, name, known]).toEqual([file, name, true]);
    }
  }
});
