import { iso, type SharedRun, type TraceStep } from '@agenthook/contracts';
import { reducedState } from '../../access/public-result.js';
import { readConfig } from '../../agents/read-agent.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { keys } from '../../redis/keys.js';
import { hashToken, isTokenShaped } from '../../secrets/random-token.js';
import { taskTrace } from '../trace.js';
import type { Shared } from './shares.js';

/**
 * The run that a link shows, as far as its maker chose. Unknown, expired and revoked links, and links to runs
 * that no longer exist, all throw `unknown_share`.
 */
export async function openShare(ctx: Context, token: string): Promise<SharedRun> {
  const json = isTokenShaped('ahr_', token) ? await ctx.redis.get(keys.share(hashToken(token))) : null;
  if (json === null) throw new AppError('unknown_share');
  const { task_id, shows, expires_ms } = JSON.parse(json) as Shared;
  const trace = expires_ms > ctx.now() ? await taskTrace(ctx, task_id) : undefined;
  if (!trace) throw new AppError('unknown_share');
  const agent = await readConfig(ctx, trace.agent_id).catch(() => undefined);
  const { payload, attachments, prompt, steps, failed_attempts } = trace;
  return {
    shows,
    expires_at: iso(expires_ms),
    agent_name: agent?.config.name ?? null,
    state: stateOf(trace, shows),
    trace:
      shows === 'full'
        ? { payload, attachments, prompt, steps: steps.map(withoutChildren), failed_attempts }
        : null,
  };
}

/** A step without the ids of the tasks that it has called: an id opens the result of its task. */
const withoutChildren = ({ tool_calls, ...step }: TraceStep): TraceStep => ({
  ...step,
  tool_calls: tool_calls.map(({ child: _child, ...call }) => call),
});

/** The state alone, without what else a trace has. */
function stateOf(
  trace: Parameters<typeof reducedState>[0],
  public_result: SharedRun['shows'],
): SharedRun['state'] {
  const { task_id, status, result, created_at, started_at, finished_at, attempt, max_attempts } = trace;
  const { next_attempt_at, conversation_id, last_error, waiting_for } = trace;
  const times = { created_at, started_at, finished_at, attempt, max_attempts, next_attempt_at };
  const state = { task_id, status, result, ...times, conversation_id, last_error, waiting_for };
  return reducedState(state, { public_result });
}
