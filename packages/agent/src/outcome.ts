import type {
  AskedEntry,
  AttemptOutcome,
  ProviderAnswer,
  TaskSuccess,
  ToolCall,
  ToolStartedEntry,
  Usage,
} from '@agenthook/contracts';
import type { NumberMarks } from '@agenthook/json';
import type { StepResult, ToolSet } from 'ai';
import { spentOn } from './budget.js';
import { classifyFinish } from './classify.js';
import type { Journal } from './journal.js';
import { isEmpty, PAUSED, type Transcript } from './tool-loop.js';
import { cut } from './tools/cut.js';
import { final, type Verdict } from './verdict.js';

/** How many characters of reasoning a result keeps. The trace has all of it. */
const LONGEST_THOUGHT = 200_000;

/** Parts of the outcome that the loop does not know. */
export interface Reported {
  journal: Journal;
  /** The agent's own model, for a run that never got an answer. */
  model: string;
  max_steps: number;
  redact: (text: string) => string;
  /** Marks of numbers in the arguments of calls that were not made. */
  marks: NumberMarks;
}

/** The outcome of a loop that ran to its end. */
export function finished(transcript: Transcript, reported: Reported): AttemptOutcome {
  const last = transcript.steps.at(-1);
  if (!last) {
    return failed(final('internal', 'The run ended without a turn of the model.'), transcript, reported);
  }
  const answered = last.finishReason !== 'tool-calls' && last.rawFinishReason !== PAUSED;
  const verdict = answered
    ? classifyFinish(last.finishReason, last.rawFinishReason, isEmpty(last) ? '' : last.text)
    : final('max_steps', `The model had not answered after ${reported.max_steps} turns.`);
  if (verdict) return failed(verdict, transcript, reported);
  return {
    outcome: 'succeeded',
    result: {
      answer: last.text,
      ...(last.finishReason === 'length' && !('output' in transcript) && { truncated: true as const }),
      ...('output' in transcript && { output: transcript.output }),
      tool_calls: toolCalls(transcript, reported),
      sources: sources(transcript),
      thought: cut(joined(transcript.steps.map((step) => step.reasoningText)), LONGEST_THOUGHT),
      usage: usage(reported.journal),
      model: reported.journal.turns.at(-1)?.model ?? reported.model,
      steps: transcript.steps.length,
    },
  };
}

/** The outcome of a failed run, with the text and usage so far. */
export function failed(verdict: Verdict, transcript: Transcript, reported: Reported): AttemptOutcome {
  const { code, message, retryable, retry_after_ms, provider } = verdict;
  const answer = transcript.steps.findLast((step) => step.text !== '')?.text;
  return {
    outcome: 'failed',
    failure: {
      error: { code, message: reported.redact(message) },
      ...(answer !== undefined && { answer }),
      tool_calls: toolCalls(transcript, reported),
      usage: usage(reported.journal),
    },
    retryable,
    ...(retry_after_ms !== undefined && { retry_after_ms }),
    ...(provider && { provider: redacted(provider, reported.redact) }),
  };
}

const redacted = (answer: ProviderAnswer, redact: Reported['redact']): ProviderAnswer => ({
  url: redact(answer.url),
  status: answer.status,
  code: answer.code === null ? null : redact(answer.code),
  body: redact(answer.body),
});

function usage(journal: Journal): Usage {
  const { cost_usd, estimated, ...tokens } = spentOn(journal);
  const total_tokens = tokens.input_tokens + tokens.output_tokens;
  return { ...tokens, total_tokens, cost_usd, ...(estimated && { estimated }) };
}

const NOT_APPROVED = 'This call was not made, because it was not approved.';

/** All tool calls in the model's order. Those of an unfinished turn come last. */
function toolCalls({ steps }: Transcript, { journal, redact, marks }: Reported): ToolCall[] {
  const calls: ToolCall[] = [];
  const listed = new Set<string>();
  steps.forEach(({ content }, index) => {
    for (const part of content) {
      if (part.type !== 'tool-call') continue;
      const call = `${index + 1}:${part.toolCallId}`;
      const begun = journal.started.get(call) ?? journal.asked.get(call);
      listed.add(call);
      if (begun) calls.push(callOf(begun, journal));
      else calls.push(neverMade({ ...part, input: marks.restore(part.input) }, content, redact));
    }
  });
  for (const begun of [...journal.started.values(), ...journal.asked.values()]) {
    if (listed.has(begun.call)) continue;
    listed.add(begun.call);
    calls.push(callOf(begun, journal));
  }
  return calls;
}

function callOf(begun: ToolStartedEntry | AskedEntry, journal: Journal): ToolCall {
  const end = journal.finished.get(begun.call);
  const unfinished = begun.type === 'asked' ? NOT_APPROVED : 'The run ended before this call did.';
  return {
    name: begun.name,
    arguments: begun.arguments,
    result: end?.result ?? null,
    error: end ? (end.error ?? null) : unfinished,
    duration_ms: end?.duration_ms ?? 0,
  };
}

/** A call of a missing tool, or with invalid arguments; or one that the provider made itself. */
function neverMade(
  {
    toolCallId,
    toolName,
    input,
    providerExecuted = false,
  }: { toolCallId: string; toolName: string; input: unknown; providerExecuted?: boolean },
  content: StepResult<ToolSet>['content'],
  redact: Reported['redact'],
): ToolCall {
  const told = content.find((part) => part.type === 'tool-error' && part.toolCallId === toolCallId);
  const unknown = providerExecuted ? null : 'The call was not made.';
  const error = told?.type === 'tool-error' ? redact(messageOf(told.error)) : unknown;
  return { name: toolName, arguments: input ?? null, result: null, error, duration_ms: 0 };
}

/** The message of an error of a call, without the name of the SDK's class that begins it. */
function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  const text =
    typeof message === 'string' ? message : typeof error === 'string' ? error : JSON.stringify(error);
  return (text ?? '').replace(/^AI_\w{1,50}: /, '');
}

function sources({ steps }: Transcript): TaskSuccess['sources'] {
  return steps
    .flatMap((step) => step.sources)
    .filter((source) => source.sourceType === 'url')
    .map(({ title, url }) => ({ title: title ?? null, url }));
}

function joined(texts: (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n');
}
