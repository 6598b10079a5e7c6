import type { AttemptInput, AttemptOutcome } from '@agenthook/contracts';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { countOperation, type Operation } from './gen-ai-metrics.js';
import { type ContentFilter, contentOfCall, contentOfTurn } from './trace-content.js';

// Spans and metrics follow the conventions for generative AI. Unless the operator opts in, they contain no
// prompts, answers, arguments or results, which are private:
// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/

/** Runs an attempt in its own span, and counts it. Costs almost nothing without a collector. */
export function inRunSpan(
  { task, agent }: AttemptInput,
  run: () => Promise<AttemptOutcome>,
): Promise<AttemptOutcome> {
  const attributes = {
    'gen_ai.agent.id': agent.id,
    'gen_ai.agent.name': agent.config.name,
    'gen_ai.agent.version': String(agent.version),
    ...conversationOf(task),
    'agenthook.agent.version': agent.version,
    'agenthook.task.id': task.id,
    'agenthook.task.attempt': task.attempt,
    'agenthook.model': agent.config.model,
  };
  return inSpan('invoke_agent', agent.config.name, attributes, async (note) => {
    const outcome = await run();
    if (outcome.outcome === 'failed') note.failed(outcome.failure.error.code);
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

/** Runs one turn of a model in its own span, and counts it and its tokens. */
export function inTurnSpan(
  { provider, modelId }: LanguageModelV4,
  { task, answeredBy, params, clean }: TracedTurn,
  turn: () => PromiseLike<LanguageModelV4GenerateResult>,
): Promise<LanguageModelV4GenerateResult> {
  const attributes: Facts = {
    'gen_ai.provider.name': providerName(provider),
    'gen_ai.request.model': modelId,
    'gen_ai.request.max_tokens': params.maxOutputTokens,
    'gen_ai.output.type': params.responseFormat?.type === 'json' ? 'json' : undefined,
    ...conversationOf(task),
  };
  return inSpan('chat', modelId, attributes, async (note) => {
    const result = await turn();
    const { usage, finishReason, response } = result;
    note.facts({
      'agenthook.model': answeredBy(),
      'gen_ai.response.id': response?.id,
      'gen_ai.response.model': response?.modelId,
      'gen_ai.response.finish_reasons': [finishReason.unified],
      'gen_ai.usage.input_tokens': usage.inputTokens.total,
      'gen_ai.usage.output_tokens': usage.outputTokens.total,
      'gen_ai.usage.cache_read.input_tokens': usage.inputTokens.cacheRead,
      'gen_ai.usage.cache_creation.input_tokens': usage.inputTokens.cacheWrite,
      'gen_ai.usage.reasoning.output_tokens': usage.outputTokens.reasoning,
      ...(note.isRecording && contentOfTurn(clean, params, result)),
    });
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

/** Runs one tool call in its own span, and counts it. */
export function inCallSpan<T>({ name, id, args, clean }: TracedCall, call: () => Promise<T>): Promise<T> {
  const attributes = {
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': id,
  };
  return inSpan('execute_tool', name, attributes, async (note) => {
    if (note.isRecording) note.facts(contentOfCall(clean, 'arguments', args));
    const result = await call();
    if (note.isRecording) note.facts(contentOfCall(clean, 'result', result));
    return result;
  });
}

/** What work tells about itself. */
interface Note {
  /** Whether a collector gets the span. */
  isRecording: boolean;
  facts: (attributes: Facts) => void;
  /** Marks work that ends without an error as failed. */
  failed: (type: string) => void;
}

type Facts = Record<string, Attributes[string]>;

function inSpan<T>(
  operation: Operation,
  of: string,
  attributes: Facts,
  work: (note: Note) => Promise<T>,
): Promise<T> {
  const kind = operation === 'chat' ? SpanKind.CLIENT : SpanKind.INTERNAL;
  const known: Facts = { 'gen_ai.operation.name': operation, ...attributes };
  return trace
    .getTracer('agenthook-agent')
    .startActiveSpan(`${operation} ${of}`, { kind, attributes: known }, async (span) => {
      const startedAt = performance.now();
      const facts = (more: Facts) => {
        Object.assign(known, more);
        span.setAttributes(more);
      };
      const failed = (type: string) => {
        facts({ 'error.type': type });
        span.setStatus({ code: SpanStatusCode.ERROR });
      };
      try {
        return await work({ isRecording: span.isRecording(), facts, failed });
      } catch (error) {
        failed(error instanceof Error ? error.name : 'defect');
        throw error;
      } finally {
        span.end();
        countOperation(operation, (performance.now() - startedAt) / 1000, known);
      }
    });
}
