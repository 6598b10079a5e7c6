import type { LogEntry, TaskFailure } from '@agenthook/contracts';
import { stepsOf } from './steps.js';

export const CANCELLED = { code: 'cancelled', message: 'The task was cancelled.' } as const;

/** Builds the FAILURE result of a task that no run ended, from what its journal contains. */
export function failureFromLog(log: readonly LogEntry[], error: TaskFailure['error']): TaskFailure {
  const steps = stepsOf(log);
  const answer = steps.findLast((step) => step.text !== '')?.text;
  const sum = (count: (step: (typeof steps)[number]) => number) =>
    steps.reduce((total, step) => total + count(step), 0);
  const input_tokens = sum((step) => step.input_tokens);
  const output_tokens = sum((step) => step.output_tokens);
  const priced = steps.length > 0 && steps.every((step) => step.cost_usd !== null);
  return {
    error,
    ...(answer !== undefined && { answer }),
    tool_calls: steps.flatMap((step) =>
      step.tool_calls.map(({ name, arguments: given, result, error, duration_ms }) => {
        return { name, arguments: given, result, error, duration_ms };
      }),
    ),
    usage: {
      input_tokens,
      output_tokens,
      total_tokens: input_tokens + output_tokens,
      cost_usd: priced ? sum((step) => step.cost_usd ?? 0) : null,
    },
  };
}
