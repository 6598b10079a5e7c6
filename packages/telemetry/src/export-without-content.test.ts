import { expect, test } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { exportWithoutContent } from './export-without-content.js';

test('only the listed parts of a span are exported, never error texts and results', () => {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter: exportWithoutContent(exporter) });
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  const span = tracer.startSpan('a name', { attributes: { 'http.route': '/a', 'ai.prompt': 'secret' } });
  span.recordException(new TypeError('secret'));
  span.addEvent('job completed', { 'bullmq.job.result': 'secret' });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'secret' });
  span.end();

  const [exported] = exporter.getFinishedSpans();
  expect(exported).toMatchObject({
    name: 'a name',
    attributes: { 'http.route': '/a' },
    events: [{ name: 'exception', attributes: { 'exception.type': 'TypeError' } }, { name: 'job completed' }],
    status: { code: SpanStatusCode.ERROR },
  });
  expect(exported?.spanContext()).toEqual(span.spanContext());
  const { attributes, events, status } = exported ?? {};
  expect(JSON.stringify({ attributes, events, status })).not.toContain('secret');
});

test.each([
  [false, {}],
  [true, { 'gen_ai.input.messages': '[]' }],
])('the messages of models are exported if the operator wants them: %s', (withMessages, expected) => {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter: exportWithoutContent(exporter, withMessages) });
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer('test');
  const attributes = { 'gen_ai.input.messages': '[]', 'bullmq.job.result': 'secret' };
  tracer.startSpan('a name', { attributes }).end();
  expect(exporter.getFinishedSpans()[0]?.attributes).toEqual(expected);
});
