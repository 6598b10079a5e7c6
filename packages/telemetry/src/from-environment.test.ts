import { afterEach, expect, test } from '@jest/globals';
import {
  batchesFromEnvironment,
  isExported,
  metricTimesFromEnvironment,
  samplerFromEnvironment,
  spanLimitsFromEnvironment,
} from './from-environment.js';

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name];
});

test.each([
  [undefined, undefined, 'ParentBased{root=AlwaysOnSampler'],
  ['always_on', undefined, 'AlwaysOnSampler'],
  ['always_off', undefined, 'AlwaysOffSampler'],
  ['traceidratio', '0.25', 'TraceIdRatioBased{0.25}'],
  ['traceidratio', undefined, 'TraceIdRatioBased{1}'],
  ['traceidratio', '7', 'TraceIdRatioBased{1}'],
  ['parentbased_always_off', undefined, 'ParentBased{root=AlwaysOffSampler'],
  ['parentbased_traceidratio', '0.5', 'ParentBased{root=TraceIdRatioBased{0.5}'],
  ['jaeger_remote', undefined, 'ParentBased{root=AlwaysOnSampler'],
])('OTEL_TRACES_SAMPLER %s with %s', (sampler, argument, expected) => {
  if (sampler !== undefined) process.env.OTEL_TRACES_SAMPLER = sampler;
  if (argument !== undefined) process.env.OTEL_TRACES_SAMPLER_ARG = argument;
  expect(samplerFromEnvironment().toString()).toContain(expected);
});

test('limits and batches are read; what is no number keeps the default', () => {
  expect(spanLimitsFromEnvironment()).toEqual({});
  expect(batchesFromEnvironment()).toEqual({});
  Object.assign(process.env, {
    OTEL_ATTRIBUTE_COUNT_LIMIT: '20',
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '10',
    OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '100',
    OTEL_SPAN_EVENT_COUNT_LIMIT: 'many',
    OTEL_BSP_SCHEDULE_DELAY: '250',
    OTEL_BSP_MAX_QUEUE_SIZE: '0',
  });
  expect(spanLimitsFromEnvironment()).toEqual({ attributeCountLimit: 10, attributeValueLengthLimit: 100 });
  expect(batchesFromEnvironment()).toEqual({ scheduledDelayMillis: 250 });
});

test('an attempt to send metrics ends before the next one begins', () => {
  expect(metricTimesFromEnvironment()).toEqual({ exportIntervalMillis: 60_000, exportTimeoutMillis: 30_000 });
  process.env.OTEL_METRIC_EXPORT_INTERVAL = '5000';
  expect(metricTimesFromEnvironment()).toEqual({ exportIntervalMillis: 5000, exportTimeoutMillis: 5000 });
});

test('a signal can be left out', () => {
  process.env.OTEL_METRICS_EXPORTER = 'none';
  expect([isExported('TRACES'), isExported('METRICS')]).toEqual([true, false]);
});
