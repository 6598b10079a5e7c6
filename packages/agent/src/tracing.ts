import type { AttemptInput, AttemptOutcome } from '@agenthook/contracts';
import type { LanguageModelV4, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

// The spans follow the conventions for generative AI. They contain no prompts, answers, arguments or results,
// which are private: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/

/** Runs an attempt in its own span. Costs almost nothing without tracing. */
export function inRunSpan(
  { task, agent }: AttemptInput,
  run: () => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.id': agent.id,
    'agenthook.agent.version': agent.version,
    'agenthook.task.id': task.id,
    'agenthook.task.attempt': task.attempt,
    'agenthook.model': agent.config.model,
  };
  return inSpan('agent run', SpanKind.INTERNAL, attributes, async (span) => {
    const outcome = await run();
    if (outcome.outcome === 'failed') failSpan(span, outcome.failure.error.code);
    return outcome;
  });
}

/** Notes on the span of a run how many of its turns come from the journal. */
export function noteReplays(turns: number): void {
  if (turns > 0) trace.getActiveSpan()?.setAttribute('agenthook.replayed_turns', turns);
}

/**
 * Runs one turn of a model in its own span.
 *
 * @param answeredBy the `provider:model` that answered, which may be a fallback
 */
export function inTurnSpan(
  { provider, modelId }: LanguageModelV4,
  answeredBy: () => string,
  turn: () => PromiseLike<LanguageModelV4GenerateResult>,
): Promise<LanguageModelV4GenerateResult> {
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': modelId,
  };
  return inSpan(`chat ${modelId}`, SpanKind.CLIENT, attributes, async (span) => {
    const result = await turn();
    const { usage, finishReason, response } = result;
    const facts: Record<string, Attributes[string]> = {
      'agenthook.model': answeredBy(),
      'gen_ai.response.id': response?.id,
      'gen_ai.response.model': response?.modelId,
      'gen_ai.response.finish_reasons': [finishReason.unified],
      'gen_ai.usage.input_tokens': usage.inputTokens.total,
      'gen_ai.usage.output_tokens': usage.outputTokens.total,
    };
    span.setAttributes(facts);
    return result;
  });
}

/** Runs one tool call in its own span. */
export function inCallSpan<T>(name: string, id: string, call: () => Promise<T>): Promise<T> {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': id,
  };
  return inSpan(`execute_tool ${name}`, SpanKind.INTERNAL, attributes, call);
}

function inSpan<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer('agenthook-agent').startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failSpan(span, error instanceof Error ? error.name : 'defect');
      throw error;
    } finally {
      span.end();
    }
  });
}

function failSpan(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}
