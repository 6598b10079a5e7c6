import type { AttemptInput, AttemptOutcome } from '@agenthook/contracts';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type ContentFilter, contentOfCall, contentOfTurn } from './trace-content.js';

// The spans follow the conventions for generative AI. Unless the operator opts in, they contain no prompts,
// answers, arguments or results, which are private: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/

/** Runs an attempt in its own span. Costs almost nothing without tracing. */
export function inRunSpan(
  { task, agent }: AttemptInput,
  run: () => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.id': agent.id,
    'gen_ai.agent.name': agent.config.name,
    'gen_ai.agent.version': String(agent.version),
    ...conversationOf(task),
    'agenthook.agent.version': agent.version,
    'agenthook.task.id': task.id,
    'agenthook.task.attempt': task.attempt,
    'agenthook.model': agent.config.model,
  };
  return inSpan(`invoke_agent ${agent.config.name}`, SpanKind.INTERNAL, attributes, async (span) => {
    const outcome = await run();
    if (outcome.outcome === 'failed') failSpan(span, outcome.failure.error.code);
    return outcome;
  });
}

/** A task without a conversation has no such attribute. */
const conversationOf = ({ conversation_id }: AttemptInput['task']): Attributes =>
  conversation_id === undefined ? {} : { 'gen_ai.conversation.id': conversation_id };

/** Notes on the span of a run how many of its turns come from the journal. */
export function noteReplays(turns: number): void {
  if (turns > 0) trace.getActiveSpan()?.setAttribute('agenthook.replayed_turns', turns);
}

export interface TracedTurn {
  task: AttemptInput['task'];
  /** The `provider:model` that answered, which may be a fallback. */
  answeredBy: () => string;
  params: LanguageModelV4CallOptions;
  clean: ContentFilter;
}

/** Runs one turn of a model in its own span. */
export function inTurnSpan(
  { provider, modelId }: LanguageModelV4,
  { task, answeredBy, params, clean }: TracedTurn,
  turn: () => PromiseLike<LanguageModelV4GenerateResult>,
): Promise<LanguageModelV4GenerateResult> {
  const attributes: Record<string, Attributes[string]> = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerName(provider),
    'gen_ai.request.model': modelId,
    'gen_ai.request.max_tokens': params.maxOutputTokens,
    'gen_ai.output.type': params.responseFormat?.type === 'json' ? 'json' : undefined,
    ...conversationOf(task),
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
      'gen_ai.usage.cache_read.input_tokens': usage.inputTokens.cacheRead,
      'gen_ai.usage.cache_creation.input_tokens': usage.inputTokens.cacheWrite,
      'gen_ai.usage.reasoning.output_tokens': usage.outputTokens.reasoning,
      ...(span.isRecording() && contentOfTurn(clean, params, result)),
    };
    span.setAttributes(facts);
    return result;
  });
}

/** The conventions' names for providers. The SDK's adapters are named `openai.responses` and so on. */
const PROVIDERS: Record<string, string> = {
  google: 'gcp.gemini',
  googleVertex: 'gcp.vertex_ai',
  'amazon-bedrock': 'aws.bedrock',
  azure: 'azure.ai.openai',
};

function providerName(adapter: string): string {
  const [name = adapter] = adapter.split('.');
  return PROVIDERS[name] ?? name;
}

export interface TracedCall {
  name: string;
  id: string;
  args: unknown;
  clean: ContentFilter;
}

/** Runs one tool call in its own span. */
export function inCallSpan<T>({ name, id, args, clean }: TracedCall, call: () => Promise<T>): Promise<T> {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': id,
  };
  return inSpan(`execute_tool ${name}`, SpanKind.INTERNAL, attributes, async (span) => {
    if (span.isRecording()) span.setAttributes(contentOfCall(clean, 'arguments', args));
    const result = await call();
    if (span.isRecording()) span.setAttributes(contentOfCall(clean, 'result', result));
    return result;
  });
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
