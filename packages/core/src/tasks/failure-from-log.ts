import { isCopied, type LogEntry, sumTokens, type TaskFailure } from '@agenthook/contracts';
import { SUPERSEDED_ERROR } from '../queue/failure.js';
import { stepsOf } from './steps.js';

export const CANCELLED = { code: 'cancelled', message: 'The task was cancelled.' } as const;
/** The errors of tasks that ended because someone, or a newer event, stopped them. */
export const STOPPED_BY = { cancelled: CANCELLED, superseded: SUPERSEDED_ERROR };

/** Builds the FAILURE result of a task that no run ended, from what its journal contains. */
export function failureFromLog(log: readonly LogEntry[], error: TaskFailure['error']): TaskFailure {
  const steps = stepsOf(log);
  const answer = steps.findLast((step) => step.text !== '')?.text;
  // Copied steps were counted with the task that took them.
  const summaries = log.flatMap((entry) => (entry.type === 'context' && entry.spent ? [entry.spent] : []));
  const spent = [...steps.filter((step) => !isCopied(step)), ...summaries];
  const tokens = sumTokens(spent);
  const priced = spent.length > 0 && spent.every(({ cost_usd }) => cost_usd !== null);
  return {
    error,
    ...(answer !== undefined && { answer }),
    tool_calls: steps.flatMap((step) =>
      step.tool_calls.map(({ name, arguments: given, result, error, duration_ms }) => {
        return { name, arguments: given, result, error, duration_ms };
      }),
    ),
    usage: {
      ...tokens,
      total_tokens: tokens.input_tokens + tokens.output_tokens,
      cost_usd: priced ? spent.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0) : null,
    },
  };
}
