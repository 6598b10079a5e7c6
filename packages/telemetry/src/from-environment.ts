import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type BatchSpanProcessorOptions,
  ParentBasedSampler,
  type Sampler,
  type SpanLimits,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

// The SDK leaves these variables to its caller. The package that reads them installs every exporter there is.
// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/

/** The number in a variable, or nothing if it is unset, no number, or less than `least`. */
function numberFrom(variable: string, least: number): number | undefined {
  const value = getNumberFromEnv(variable);
  return value === undefined || value < least ? undefined : value;
}

/** Leaves out what is undefined. */
const set = <T extends object>(options: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

/** The sampler of OTEL_TRACES_SAMPLER. Default: the caller's decision, and all traces without a caller. */
export function samplerFromEnvironment(): Sampler {
  const isShare = (value: number | undefined) => value !== undefined && value >= 0 && value <= 1;
  const argument = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG');
  const share = () => new TraceIdRatioBasedSampler(isShare(argument) ? argument : 1);
  switch (getStringFromEnv('OTEL_TRACES_SAMPLER')) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return share();
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: share() });
    default:
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}

/** The limits of spans, by the variables OTEL_SPAN_…_LIMIT and OTEL_ATTRIBUTE_…_LIMIT. */
export const spanLimitsFromEnvironment = (): SpanLimits =>
  set<SpanLimits>({
    attributeValueLengthLimit:
      numberFrom('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 0) ??
      numberFrom('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 0),
    attributeCountLimit:
      numberFrom('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 0) ?? numberFrom('OTEL_ATTRIBUTE_COUNT_LIMIT', 0),
    eventCountLimit: numberFrom('OTEL_SPAN_EVENT_COUNT_LIMIT', 0),
    linkCountLimit: numberFrom('OTEL_SPAN_LINK_COUNT_LIMIT', 0),
    attributePerEventCountLimit: numberFrom('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 0),
    attributePerLinkCountLimit: numberFrom('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 0),
  });

/** How spans are batched, by the variables OTEL_BSP_…. */
export const batchesFromEnvironment = (): Omit<BatchSpanProcessorOptions, 'exporter'> =>
  set<Omit<BatchSpanProcessorOptions, 'exporter'>>({
    scheduledDelayMillis: numberFrom('OTEL_BSP_SCHEDULE_DELAY', 0),
    exportTimeoutMillis: numberFrom('OTEL_BSP_EXPORT_TIMEOUT', 0),
    maxQueueSize: numberFrom('OTEL_BSP_MAX_QUEUE_SIZE', 1),
    maxExportBatchSize: numberFrom('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 1),
  });

/** How often metrics are sent, and for how long one attempt may take, both in ms, by OTEL_METRIC_EXPORT_…. */
export function metricTimesFromEnvironment(): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const exportIntervalMillis = numberFrom('OTEL_METRIC_EXPORT_INTERVAL', 1) ?? 60_000;
  const timeout = numberFrom('OTEL_METRIC_EXPORT_TIMEOUT', 1) ?? 30_000;
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) };
}

/** Whether a kind of signal is sent: not if its OTEL_…_EXPORTER is `none`. */
export const isExported = (signal: 'TRACES' | 'METRICS'): boolean =>
  getStringFromEnv(`OTEL_${signal}_EXPORTER`)?.trim() !== 'none';
