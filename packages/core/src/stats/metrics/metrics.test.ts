import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { MOST_VALUES } from './definitions.js';
import { exposition } from './exposition.js';
import { readMetrics } from './read-metrics.js';
import { createRecorder } from './recorder.js';
import { storeMetrics } from './store-metrics.js';

let env: Awaited<ReturnType<typeof testContext>>;
let ctx: Context;
beforeAll(async () => {
  env = await testContext();
  ctx = env.ctx;
});
beforeEach(() => ctx.redis.flushdb());
afterAll(() => env?.close());

/** Another process on the same Redis. */
const process = () => Object.create(ctx, { metrics: { value: createRecorder() } }) as Context;
const store = (of: Context, id = 'p') =>
  storeMetrics(of, id, { kind: 'api', lag_ms: 0, rss_bytes: 1 }, 15_000);
const lines = async (name: string) =>
  exposition((await readMetrics(ctx)).filter((family) => family.name === name))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

test('the numbers of several processes are one sum, and outlive them', async () => {
  const [one, other] = [process(), process()];
  one.metrics.count('model_cost_dollars_total', ['a:b'], 0.000_000_001);
  other.metrics.count('model_cost_dollars_total', ['a:b'], 2);
  one.metrics.observe('wait_duration_seconds', ['agent'], 50);
  other.metrics.observe('wait_duration_seconds', ['agent'], 90_000_000);
  await Promise.all([store(one), store(other, 'q')]);
  await store(one);
  expect(await lines('model_cost_dollars_total')).toEqual([
    'agenthook_model_cost_dollars_total{model="a:b"} 2.000000001',
  ]);
  const waits = await lines('wait_duration_seconds');
  expect(waits).toContain('agenthook_wait_duration_seconds_bucket{agent="agent",le="0.01"} 0');
  expect(waits).toContain('agenthook_wait_duration_seconds_bucket{agent="agent",le="3600"} 1');
  expect(waits).toContain('agenthook_wait_duration_seconds_bucket{agent="agent",le="+Inf"} 2');
  expect(waits).toContain('agenthook_wait_duration_seconds_sum{agent="agent"} 90000.05');
});

test('so many agents have numbers of their own, and the rest share them, across processes', async () => {
  for (const each of [process(), process()]) {
    for (let n = 0; n < MOST_VALUES.agent + 20; n++)
      each.metrics.observe('wait_duration_seconds', [`a${n}`], 1);
    await store(each);
  }
  const counts = (await lines('wait_duration_seconds')).filter((line) => line.includes('_count'));
  expect(counts).toHaveLength(MOST_VALUES.agent + 1);
  expect(counts).toContain('agenthook_wait_duration_seconds_count{agent="other"} 40');
  expect(counts).toContain('agenthook_wait_duration_seconds_count{agent="a0"} 2');
});

test('what a process counts between two times is bounded, and a label breaks no line', async () => {
  const of = process();
  for (let n = 0; n < 20_000; n++) of.metrics.count('refused_total', [`code ${n}`]);
  of.metrics.count('refused_total', ['code 1\n\t"x\\']);
  expect(of.metrics.drain().length).toBeLessThanOrEqual(5_001);
  of.metrics.observe('tool_duration_seconds', ['a"b\\c\n\td', 'ok'], 1);
  await store(of);
  expect(await lines('tool_duration_seconds')).toContain(
    'agenthook_tool_duration_seconds_count{tool="a\\"b\\\\c  d",outcome="ok"} 1',
  );
});

test('what Redis refuses is kept for the next time', async () => {
  const of = process();
  of.metrics.count('stalls_total', []);
  await ctx.redis.set(keys.metrics, 'no hash');
  await expect(store(of)).rejects.toThrow('WRONGTYPE');
  await ctx.redis.del(keys.metrics);
  await store(of);
  expect(await lines('stalls_total')).toEqual(['agenthook_stalls_total 1']);
});
