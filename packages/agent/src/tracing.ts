import type { AttemptInput, AttemptOutcome } from '@agenthook/contracts';
import { LegacyOpenTelemetry } from '@ai-sdk/otel';
import {
  type Attributes,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { TelemetryOptions } from 'ai';
import { type Journal, toolCallKey } from './journal.js';

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
  return trace.getTracer('agenthook-agent').startActiveSpan('agent run', { attributes }, async (span) => {
    try {
      const outcome = await run();
      if (outcome.outcome === 'failed') failSpan(span, outcome.failure.error.code);
      return outcome;
    } catch (error) {
      failSpan(span, 'defect');
      throw error;
    } finally {
      span.end();
    }
  });
}

function failSpan(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

/**
 * The SDK's telemetry settings: a span for each turn and tool call, if this run is recorded. Prompts,
 * answers, arguments and results are private and never included.
 */
export function sdkTelemetry(journal: Journal): TelemetryOptions | undefined {
  const run = trace.getActiveSpan();
  if (!run?.isRecording()) return undefined;
  if (journal.turns.length > 0) run.setAttribute('agenthook.replayed_turns', journal.turns.length);
  return {
    recordInputs: false,
    recordOutputs: false,
    integrations: new LegacyOpenTelemetry({ tracer: tracerWithoutReplays(trace.getTracer('ai'), journal) }),
  };
}

/** Replayed turns and calls were traced in the attempt that made them. */
function tracerWithoutReplays(tracer: Tracer, journal: Journal): Tracer {
  const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  return {
    startSpan: (name, options, context) =>
      isReplayed(name, options?.attributes ?? {}, journal) ? noSpan : tracer.startSpan(name, options, context),
    // The SDK does not use it.
    startActiveSpan: tracer.startActiveSpan.bind(tracer),
  };
}

function isReplayed(name: string, attributes: Attributes, journal: Journal): boolean {
  if (name === 'ai.generateText.doGenerate') return journal.turns[journal.taken] !== undefined;
  const id = attributes['ai.toolCall.id'];
  return typeof id === 'string' && journal.finished.has(toolCallKey(journal, id));
}
