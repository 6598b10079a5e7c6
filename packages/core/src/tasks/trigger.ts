import type { ErrorCode } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { parsePayload } from '../webhooks/parse-payload.js';
import { resolveWebhook } from '../webhooks/resolve-webhook.js';
import { safeHeaders } from '../webhooks/safe-headers.js';
import { enqueue } from './enqueue.js';

/** A webhook call as it came in. */
export interface TriggerRequest {
  token: string;
  /** The raw bytes of the body: signatures are over these. */
  body: Buffer;
  contentType: 'json' | 'form';
  headers: Record<string, string | string[] | undefined>;
}

/** All that can be expected to come of a webhook call. Redis being away is not: that throws. */
export type TriggerOutcome =
  | { outcome: 'accepted'; task_id: string }
  | { outcome: 'unknown_webhook' }
  | { outcome: 'agent_disabled'; agent_id: string }
  | { outcome: 'rejected'; agent_id: string; code: ErrorCode; detail: string };

/**
 * Turns a webhook call into a task. Cheapest refusal first; `accepted` only once Redis has the task.
 * Throws when Redis can not take it, and then leaves nothing behind that would run later.
 */
export async function trigger(ctx: Context, request: TriggerRequest): Promise<TriggerOutcome> {
  const webhook = await resolveWebhook(ctx, request.token);
  if (!webhook) return { outcome: 'unknown_webhook' };
  const { agentId, gate, redisMs } = webhook;
  if (gate.status === 'disabled') return { outcome: 'agent_disabled', agent_id: agentId };

  const parsed = parsePayload(request.body, request.contentType);
  if (!parsed.ok) return { outcome: 'rejected', agent_id: agentId, code: parsed.code, detail: parsed.detail };

  const taskId = await enqueue(ctx, {
    data: {
      agent_id: agentId,
      agent_version: gate.version,
      payload: parsed.payload,
      headers: safeHeaders(request.headers),
    },
    maxAttempts: gate.max_attempts,
    redisMs,
  });
  return { outcome: 'accepted', task_id: taskId };
}
