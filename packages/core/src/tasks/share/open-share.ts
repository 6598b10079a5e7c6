import {
  iso,
  type PublicResult,
  type SharedRun,
  type TaskState,
  type TaskTrace,
  type TraceStep,
} from '@agenthook/contracts';
import { reducedState } from '../../access/public-result.js';
import { readConfig } from '../../agents/read-agent.js';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import { keys } from '../../redis/keys.js';
import { readRow } from '../../redis/stored-row.js';
import { hashToken, isTokenShaped } from '../../secrets/random-token.js';
import { taskStatusOfAgent } from '../status.js';
import { taskTrace } from '../trace.js';
import { SHARED } from './shares.js';

/**
 * The run that a link shows, as far as its maker chose. Unknown, expired and revoked links, and links to runs
 * that no longer exist, all throw `unknown_share`.
 */
export async function openShare(ctx: Context, token: string): Promise<SharedRun> {
  const json = isTokenShaped('ahr_', token) ? await ctx.redis.get(keys.share(hashToken(token))) : null;
  if (json === null) throw new AppError('unknown_share');
  const shared = readRow(ctx, SHARED, json, keys.share(hashToken(token)));
  if (!shared) throw new AppError('unknown_share');
  const { task_id, shows, expires_ms } = shared;
  const run = expires_ms > ctx.now() ? await readRun(ctx, task_id, shows) : undefined;
  if (!run) throw new AppError('unknown_share');
  const { state, agentId, trace } = run;
  const agent = agentId === undefined ? undefined : await readConfig(ctx, agentId).catch(() => undefined);
  return {
    shows,
    expires_at: iso(expires_ms),
    agent_name: agent?.config.name ?? null,
    state: reducedState(state, { public_result: shows }),
    trace,
  };
}

/** What a link needs of its run. The journal is read only if the link shows it. */
async function readRun(
  ctx: Context,
  taskId: string,
  shows: PublicResult,
): Promise<{ state: TaskState; agentId: string | undefined; trace: SharedRun['trace'] } | undefined> {
  if (shows !== 'full') {
    const found = await taskStatusOfAgent(ctx, taskId);
    return found && { ...found, trace: null };
  }
  const trace = await taskTrace(ctx, taskId);
  if (!trace) return undefined;
  const { payload, attachments, prompt, steps, failed_attempts } = trace;
  return {
    state: stateIn(trace),
    agentId: trace.agent_id,
    trace: { payload, attachments, prompt, steps: steps.map(withoutChildren), failed_attempts },
  };
}

/** A step without the ids of the tasks that it has called: an id opens the result of its task. */
const withoutChildren = ({ tool_calls, ...step }: TraceStep): TraceStep => ({
  ...step,
  tool_calls: tool_calls.map(({ child: _child, ...call }) => call),
});

/** The state alone, without what else a trace has. */
function stateIn(trace: TaskTrace): TaskState {
  const { task_id, status, result, created_at, started_at, finished_at, attempt, max_attempts } = trace;
  const { next_attempt_at, conversation_id, last_error, waiting_for } = trace;
  const times = { created_at, started_at, finished_at, attempt, max_attempts, next_attempt_at };
  return { task_id, status, result, ...times, conversation_id, last_error, waiting_for };
}
