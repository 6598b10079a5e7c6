import { type Attributes, type Histogram, type MeterProvider, metrics } from '@opentelemetry/api';

// The metrics of OpenTelemetry's conventions for generative AI, with the buckets that they recommend:
// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
];

const DURATIONS = {
  chat: 'gen_ai.client.operation.duration',
  invoke_agent: 'gen_ai.invoke_agent.duration',
  execute_tool: 'gen_ai.execute_tool.duration',
} as const;

/** `gen_ai.operation.name` of what a run consists of. */
export type Operation = keyof typeof DURATIONS;

/** What a metric says of an operation. Ids would make a series for each task, and content is private. */
const LABELS = [
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'gen_ai.response.model',
  'gen_ai.agent.name',
  'gen_ai.tool.name',
  'error.type',
];

type Histograms = Record<Operation | 'tokens', Histogram>;

const made = new WeakMap<MeterProvider, Histograms>();

/** The histograms of the current provider. Without one, they count nothing. */
function histograms(): Histograms {
  const provider = metrics.getMeterProvider();
  const known = made.get(provider);
  if (known) return known;
  const meter = provider.getMeter('agenthook-agent');
  const duration = (operation: Operation) =>
    meter.createHistogram(DURATIONS[operation], {
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    });
  const all: Histograms = {
    chat: duration('chat'),
    invoke_agent: duration('invoke_agent'),
    execute_tool: duration('execute_tool'),
    tokens: meter.createHistogram('gen_ai.client.token.usage', {
      unit: '{token}',
      advice: { explicitBucketBoundaries: TOKENS },
    }),
  };
  made.set(provider, all);
  return all;
}

/**
 * Counts an operation that has ended.
 *
 * @param seconds how long it took
 * @param attributes those of its span
 */
export function countOperation(operation: Operation, seconds: number, attributes: Attributes): void {
  const labels: Attributes = {};
  for (const name of LABELS) if (attributes[name] !== undefined) labels[name] = attributes[name];
  const all = histograms();
  all[operation].record(seconds, labels);
  if (operation !== 'chat') return;
  for (const type of ['input', 'output']) {
    const tokens = attributes[`gen_ai.usage.${type}_tokens`];
    // Not known of a turn that failed, and of a provider that does not tell it.
    if (typeof tokens === 'number') all.tokens.record(tokens, { ...labels, 'gen_ai.token.type': type });
  }
}
