import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { BullMQOtel } from 'bullmq-otel';
import { exportWithoutContent } from './export-without-content.js';
import { queueTelemetry } from './queue-telemetry.js';

/** Tracing that is on. */
export interface Telemetry {
  /** The `telemetry` option of BullMQ's queues and workers. */
  queue: BullMQOtel;
  /** What each line of the log gets: the id of the trace to whose work it belongs. */
  logFields: () => { trace_id?: string };
  /** Sends the spans that are left. Ends within `deadlineMs`, whatever the collector does. */
  shutdown: (deadlineMs: number) => Promise<void>;
}

/**
 * Turns tracing on for this process: whoever asks `@opentelemetry/api` for a tracer gets a real one from now on, and
 * spans go in batches to an OTLP/HTTP collector as JSON. The collector's address, headers and limits, the sampler and
 * the name of the service come from the environment,
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 *
 * @param service what the process is called where OTEL_SERVICE_NAME does not say it
 * @param onError told when spans could not be sent; they are dropped then
 */
export function startTelemetry(service: string, onError: (error: unknown) => void): Telemetry {
  // A batch is sent from inside whatever work ended its first span, and is not of that work alone.
  const tell = (error: unknown) => context.with(ROOT_CONTEXT, onError, undefined, error);
  setGlobalErrorHandler(tell);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service }))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = exportWithoutContent(new OTLPTraceExporter());
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // No baggage: it would store with each task, and pass on, whatever a caller puts into that header.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  return {
    queue: queueTelemetry(),
    logFields: () => {
      const span = trace.getActiveSpan();
      return span ? { trace_id: span.spanContext().traceId } : {};
    },
    shutdown: (deadlineMs) =>
      Promise.race([
        provider.shutdown().catch(tell),
        new Promise<void>((resolve) => setTimeout(resolve, deadlineMs).unref()),
      ]),
  };
}
