import type { Schema } from '../../../api/client.js';
import { isUnfinished } from '../run-list.js';

type FullTrace = Schema<'TaskTrace'>;
export type Trace = FullTrace | Schema<'WithheldTrace'>;
export type Step = Trace['steps'][number];
export type ToolCall = Step['tool_calls'][number];
export type FailedAttempt = Trace['failed_attempts'][number];
export type Delivery = Schema<'CallbackDelivery'>;
export type FailureCode = Schema<'TaskFailure'>['error']['code'];

export type CallState =
  | 'waits for a decision'
  | 'not begun'
  | 'running'
  | 'ok'
  | 'failed'
  | 'denied'
  | 'not made'
  | 'outcome unknown';

/** Whether the session may see payloads and results. */
export const isFull = (trace: Trace): trace is FullTrace => !('redacted' in trace);

const hasFailed = (call: ToolCall): boolean => ('failed' in call ? call.failed : call.error !== null);

export function callState(call: ToolCall, trace: Trace): CallState {
  if (call.started_at === null) {
    if (call.approval?.decision === 'deny') return 'denied';
    if (!isUnfinished(trace)) return 'not made';
    return call.approval?.decision === null ? 'waits for a decision' : 'not begun';
  }
  if (call.finished) return hasFailed(call) ? 'failed' : 'ok';
  return isUnfinished(trace) ? 'running' : 'outcome unknown';
}

/** Whether a step was copied from the run that this one goes on from. */
export const isCopied = ({ attempt }: Step): boolean => attempt === 0;

/** Why the run failed; without a message if it is withheld. */
export const errorOf = ({ result }: Trace): { code: FailureCode; message?: string } | undefined =>
  result && 'error' in result ? result.error : undefined;

/** Tokens and cost so far or, after the end, from the result. */
export function usageOf({ result, steps }: Trace): { tokens: number; cost: number | null } {
  if (result) return { tokens: result.usage.total_tokens, cost: result.usage.cost_usd };
  const own = steps.filter((step) => !isCopied(step));
  return {
    tokens: own.reduce((sum, step) => sum + step.input_tokens + step.output_tokens, 0),
    cost: own.reduce<number | null>(
      (sum, step) => (sum === null || step.cost_usd === null ? null : sum + step.cost_usd),
      0,
    ),
  };
}
