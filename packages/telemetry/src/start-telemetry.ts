import { withDeadline } from '@agenthook/async';
import { context, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { BullMQOtel } from 'bullmq-otel';
import { exportWithoutContent } from './export-without-content.js';
import {
  batchesFromEnvironment,
  isExported,
  metricTimesFromEnvironment,
  samplerFromEnvironment,
  spanLimitsFromEnvironment,
} from './from-environment.js';
import { queueTelemetry } from './queue-telemetry.js';

/** Active tracing and metrics. */
export interface Telemetry {
  /** The `telemetry` option of BullMQ's queues and workers. */
  queue: BullMQOtel;
  /** Fields for each log line: the id of the current trace. */
  logFields: () => { trace_id?: string };
  /** Sends the remaining spans and metrics. Ends within `deadlineMs`, whatever the collector does. */
  shutdown: (deadlineMs: number) => Promise<void>;
}

export interface TelemetryOptions {
  /** The process's name if OTEL_SERVICE_NAME is not set. */
  service: string;
  /** Called when spans or metrics could not be sent and are dropped. */
  onError: (error: unknown) => void;
  /** Whether spans keep the messages of models, and arguments and results of calls. Default false. */
  withMessages?: boolean;
}

/**
 * Turns tracing and metrics on for this process: from now on, `@opentelemetry/api` returns a real tracer and
 * a real meter. Both send in batches to an OTLP/HTTP collector as JSON. The environment sets the collector's
 * URL, headers and limits, the sampler, and the service name:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function startTelemetry({ service, onError, withMessages = false }: TelemetryOptions): Telemetry {
  // A batch is sent from within the work that ended its first span, but does not belong to that work alone.
  const tell = (error: unknown) => context.with(ROOT_CONTEXT, onError, undefined, error);
  setGlobalErrorHandler(tell);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service }))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = exportWithoutContent(new OTLPTraceExporter(), withMessages);
  const spans = new TracerProvider({
    resource,
    sampler: samplerFromEnvironment(),
    spanLimits: spanLimitsFromEnvironment(),
    spanProcessors: isExported('TRACES')
      ? [new BatchSpanProcessor({ exporter, ...batchesFromEnvironment() })]
      : [],
  });
  const counts = new MeterProvider({ resource, readers: isExported('METRICS') ? [metricReader()] : [] });
  trace.setGlobalTracerProvider(spans);
  metrics.setGlobalMeterProvider(counts);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // No baggage: callers could use that header to store any data with each task and have it passed on.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  return {
    queue: queueTelemetry(),
    logFields: () => {
      const span = trace.getActiveSpan();
      return span ? { trace_id: span.spanContext().traceId } : {};
    },
    shutdown: async (deadlineMs) => {
      const sent = [spans, counts].map((provider) => provider.shutdown().catch(tell));
      await withDeadline(Promise.all(sent), deadlineMs);
    },
  };
}

const metricReader = () =>
  new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(), ...metricTimesFromEnvironment() });
