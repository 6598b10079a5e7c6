import type { ErrorCode } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { KEY_HEADER } from './idempotency-key.js';
import { receive } from './receive.js';
import { noteAccepted, readEvent } from './rejection-store.js';
import { resolveAgent } from './resolve-webhook.js';
import { requestOf } from './stored-request.js';
import { WAYS } from './ways.js';

/** Faults of the key itself, which the owner cannot fix by changing the agent. */
const BAD_KEY: ReadonlySet<ErrorCode> = new Set(['invalid_idempotency_key', 'idempotency_key_reused']);

/**
 * Creates a task from a rejection or a filtered event, under the agent's current configuration. The body is
 * parsed and checked against input_schema, but needs no signature, and neither filter nor rate apply. Returns
 * the task's id, and whether the task is new.
 *
 * The sender's idempotency key still applies: if a retry with it was accepted meanwhile, that task is
 * returned. Without one, the rejection's id is the key, so accepting twice creates one task. Redis decides.
 *
 * Throws `unknown_agent`, `unknown_rejection`, `rejection_truncated`, or the code of the fault that remains.
 */
export async function acceptRejection(
  ctx: Context,
  agentId: string,
  rejectionId: string,
): Promise<{ task_id: string; isNew: boolean }> {
  const [agent, found] = await Promise.all([
    resolveAgent(ctx, agentId),
    readEvent(ctx, agentId, rejectionId),
  ]);
  if (!agent) throw unknownAgent(agentId);
  if (!found) throw new AppError('unknown_rejection', `The agent has no rejection ${rejectionId}.`);
  const { stored, body } = found;
  if (stored.accepted) return { task_id: stored.accepted.task_id, isNew: false };
  if (stored.body_bytes !== body.length) throw new AppError('rejection_truncated');
  const request = requestOf(stored, body);
  if ('code' in stored && BAD_KEY.has(stored.code)) delete request.headers[KEY_HEADER];
  const outcome = await receive(ctx, agent, request, WAYS.rejection(rejectionId));
  if (outcome.outcome === 'rejected') {
    throw new AppError(outcome.code, outcome.detail, outcome);
  }
  if (outcome.outcome === 'filtered') throw new Error('a filter has been applied to an accepted event');
  if (!('task_id' in outcome))
    throw new AppError('invalid_request', 'This request only tests the URL, so there is nothing to run.');
  // The task and its key are stored, so the caller gets its id even if the rejection cannot be updated.
  await noteAccepted(ctx, agentId, rejectionId, stored, outcome.task_id).catch((error) =>
    ctx.log.warn({ err: error, task_id: outcome.task_id }, 'a rejection does not tell that it was accepted'),
  );
  return { task_id: outcome.task_id, isNew: outcome.outcome === 'accepted' };
}
