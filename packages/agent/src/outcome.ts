import type { AttemptOutcome, TaskSuccess, ToolCall, Usage } from '@agenthook/contracts';
import { classifyFinish } from './classify.js';
import { MAX_STEPS, PAUSED, type Transcript } from './tool-loop.js';
import { final, type Verdict } from './verdict.js';

/** What the outcome says besides what happened in the loop. */
export interface Reported {
  model: string;
  /** 0 where nothing is charged, null where no price is known. */
  cost_usd: number | null;
  redact: (text: string) => string;
}

/** The outcome of a loop that ran to its end. */
export function finished(transcript: Transcript, reported: Reported): AttemptOutcome {
  const last = transcript.steps.at(-1);
  if (!last)
    return failed(final('internal', 'The run ended without a turn of the model.'), transcript, reported);
  const unfinished = last.finishReason === 'tool-calls' || last.rawFinishReason === PAUSED;
  const verdict =
    unfinished && transcript.steps.length >= MAX_STEPS
      ? final('max_steps', `The model had not answered after ${MAX_STEPS} turns.`)
      : classifyFinish(last.finishReason, last.rawFinishReason, last.text);
  if (verdict) return failed(verdict, transcript, reported);
  return {
    outcome: 'succeeded',
    result: {
      answer: last.text,
      tool_calls: toolCalls(transcript, reported),
      sources: sources(transcript),
      thought: joined(transcript.steps.map((step) => step.reasoningText)),
      usage: usage(transcript, reported),
      model: reported.model,
      steps: transcript.steps.length,
    },
  };
}

/** The outcome of a run that failed, with what the model had said and used until then. */
export function failed(verdict: Verdict, transcript: Transcript, reported: Reported): AttemptOutcome {
  const { code, message, retryable, retry_after_ms } = verdict;
  const answer = transcript.steps.findLast((step) => step.text !== '')?.text;
  return {
    outcome: 'failed',
    failure: {
      error: { code, message: reported.redact(message) },
      ...(answer !== undefined && { answer }),
      tool_calls: toolCalls(transcript, reported),
      usage: usage(transcript, reported),
    },
    retryable,
    ...(retry_after_ms !== undefined && { retry_after_ms }),
  };
}

function usage({ steps }: Transcript, { cost_usd }: Reported): Usage {
  const sum = (counts: (number | undefined)[]) =>
    counts.reduce<number>((all, count) => all + (count ?? 0), 0);
  const input_tokens = sum(steps.map((step) => step.usage.inputTokens));
  const output_tokens = sum(steps.map((step) => step.usage.outputTokens));
  return { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens, cost_usd };
}

function toolCalls({ steps, durations }: Transcript, { redact }: Reported): ToolCall[] {
  const calls = new Map<string, ToolCall>();
  for (const part of steps.flatMap((step) => step.content)) {
    if (part.type === 'tool-call') {
      const duration_ms = Math.round(durations.get(part.toolCallId) ?? 0);
      const { toolName: name, input } = part;
      calls.set(part.toolCallId, { name, arguments: input ?? null, result: null, error: null, duration_ms });
    } else if (part.type === 'tool-result' || part.type === 'tool-error') {
      const call = calls.get(part.toolCallId);
      if (call && part.type === 'tool-result') call.result = part.output ?? null;
      if (call && part.type === 'tool-error') call.error = redact(messageOf(part.error));
    }
  }
  return [...calls.values()];
}

function sources({ steps }: Transcript): TaskSuccess['sources'] {
  return steps
    .flatMap((step) => step.sources)
    .filter((source) => source.sourceType === 'url')
    .map(({ title, url }) => ({ title: title ?? null, url }));
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : String(error);
}

function joined(texts: (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n');
}
