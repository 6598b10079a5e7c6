import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/**
 * The attributes that may leave the process. This is an allow-list: BullMQ puts results and error texts into
 * events, and may add more in the future.
 */
const EXPORTED = new Set([
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'bullmq.queue.name',
  'bullmq.queue.operation',
  'bullmq.job.id',
  'bullmq.job.attempts.made',
  'agenthook.agent.version',
  'agenthook.task.id',
  'agenthook.task.attempt',
  'agenthook.model',
  'agenthook.replayed_turns',
  'gen_ai.agent.id',
  'gen_ai.agent.name',
  'gen_ai.agent.version',
  'gen_ai.conversation.id',
  'gen_ai.operation.name',
  'gen_ai.output.type',
  'gen_ai.provider.name',
  'gen_ai.request.max_tokens',
  'gen_ai.request.model',
  'gen_ai.response.finish_reasons',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.tool.call.id',
  'gen_ai.tool.name',
  'gen_ai.tool.type',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.reasoning.output_tokens',
  'error.type',
  'exception.type',
]);

/** The attributes that only an operator who opts in gets. */
const CONTENT = [
  'gen_ai.system_instructions',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
];

const kept = (attributes: Attributes = {}, more: readonly string[] = []): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) => EXPORTED.has(name) || more.includes(name)),
  );

/**
 * A span with its timing, position and outcome, without payloads, prompts, answers, arguments and error
 * texts.
 */
const withoutContent = (span: ReadableSpan, more: readonly string[]): ReadableSpan =>
  Object.create(span, {
    attributes: { value: kept(span.attributes, more) },
    events: { value: span.events.map((event) => ({ ...event, attributes: kept(event.attributes) })) },
    status: { value: { code: span.status.code } },
  });

/**
 * Wraps an exporter so that it gets no task content, which is private while the collector may belong to
 * someone else.
 *
 * @param withMessages whether the operator wants the messages of models, and arguments and results of calls
 */
export function exportWithoutContent(exporter: SpanExporter, withMessages = false): SpanExporter {
  const more = withMessages ? CONTENT : [];
  return {
    export: (spans, done) =>
      exporter.export(
        spans.map((span) => withoutContent(span, more)),
        done,
      ),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
