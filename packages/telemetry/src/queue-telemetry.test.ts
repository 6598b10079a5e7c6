import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { queueTelemetry } from './queue-telemetry.js';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  propagation.disable();
});

test.each([
  [SpanKind.PRODUCER, 1],
  [SpanKind.CONSUMER, 1],
  [SpanKind.INTERNAL, 0],
])('work of kind %i makes %i spans', (kind, spans) => {
  const { tracer } = queueTelemetry();
  const span = tracer.startSpan('work', { kind }, context.active());
  span.setAttributes({ a: 1 });
  span.end();
  expect(exporter.getFinishedSpans()).toHaveLength(spans);
});

test('work without its own span passes on the surrounding one', () => {
  const { tracer, contextManager } = queueTelemetry();
  const outer = tracer.startSpan('process', { kind: SpanKind.CONSUMER }).setSpanOnContext(ROOT_CONTEXT);
  const inner = tracer.startSpan('delay', { kind: SpanKind.INTERNAL }).setSpanOnContext(outer);
  expect(contextManager.getMetadata(inner)).toBe(contextManager.getMetadata(outer));
  expect(contextManager.getMetadata(inner)).toMatch(/^\{"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-01"\}$/);
});
