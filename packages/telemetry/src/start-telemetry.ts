import { withDeadline } from '@agenthook/async';
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

/** Active tracing. */
export interface Telemetry {
  /** The `telemetry` option of BullMQ's queues and workers. */
  queue: BullMQOtel;
  /** Fields for each log line: the id of the current trace. */
  logFields: () => { trace_id?: string };
  /** Sends the remaining spans. Ends within `deadlineMs`, whatever the collector does. */
  shutdown: (deadlineMs: number) => Promise<void>;
}

/**
 * Turns tracing on for this process: from now on, `@opentelemetry/api` returns a real tracer, and spans go in
 * batches to an OTLP/HTTP collector as JSON. The environment sets the collector's URL, headers and limits,
 * the sampler, and the service name:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 *
 * @param service the process's name if OTEL_SERVICE_NAME is not set
 * @param onError called when spans could not be sent and are dropped
 * @param withMessages whether spans keep the messages of models, and arguments and results of calls
 */
export function startTelemetry(
  service: string,
  onError: (error: unknown) => void,
  withMessages = false,
): Telemetry {
  // A batch is sent from within the work that ended its first span, but does not belong to that work alone.
  const tell = (error: unknown) => context.with(ROOT_CONTEXT, onError, undefined, error);
  setGlobalErrorHandler(tell);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service }))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = exportWithoutContent(new OTLPTraceExporter(), withMessages);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // No baggage: callers could use that header to store any data with each task and have it passed on.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  return {
    queue: queueTelemetry(),
    logFields: () => {
      const span = trace.getActiveSpan();
      return span ? { trace_id: span.spanContext().traceId } : {};
    },
    shutdown: (deadlineMs) => withDeadline(provider.shutdown().catch(tell), deadlineMs),
  };
}
