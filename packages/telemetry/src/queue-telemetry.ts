import { SpanKind } from '@opentelemetry/api';
import { BullMQOtel } from 'bullmq-otel';

type QueueTracer = BullMQOtel['tracer'];
type QueueSpan = ReturnType<QueueTracer['startSpan']>;

const nothing = () => {};

/** Keeps the context unchanged, so that work inside belongs to the surrounding span. */
const noSpan: QueueSpan = {
  setSpanOnContext: (context) => context,
  setAttribute: nothing,
  setAttributes: nothing,
  addEvent: nothing,
  recordException: nothing,
  end: nothing,
};

/**
 * BullMQ's telemetry, reduced to spans for adding and processing a job. Its other spans (renewing locks,
 * looking for stalled jobs, removing) come every few seconds forever and say nothing about a task. A job
 * carries its trace as one W3C `traceparent`, about 80 bytes.
 */
export function queueTelemetry(): BullMQOtel {
  const telemetry = new BullMQOtel({ tracerName: 'bullmq' });
  const { tracer } = telemetry;
  const startSpan: QueueTracer['startSpan'] = (name, options, context) =>
    options?.kind === SpanKind.PRODUCER || options?.kind === SpanKind.CONSUMER
      ? tracer.startSpan(name, options, context)
      : noSpan;
  telemetry.tracer = Object.create(tracer, { startSpan: { value: startSpan } });
  return telemetry;
}
