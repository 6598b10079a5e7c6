import { SpanKind } from '@opentelemetry/api';
import { BullMQOtel } from 'bullmq-otel';

type QueueTracer = BullMQOtel['tracer'];
type QueueSpan = ReturnType<QueueTracer['startSpan']>;

const nothing = () => {};

/** Leaves the context as it is: what happens inside belongs to the span around it. */
const noSpan: QueueSpan = {
  setSpanOnContext: (context) => context,
  setAttribute: nothing,
  setAttributes: nothing,
  addEvent: nothing,
  recordException: nothing,
  end: nothing,
};

/**
 * BullMQ's telemetry with spans for adding a job and for processing it alone. Its others (renewing locks, looking for
 * stalled jobs, removing) come every few seconds without end and tell nothing of a task. A job carries the trace it
 * belongs to as one W3C `traceparent`, about 80 bytes.
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
