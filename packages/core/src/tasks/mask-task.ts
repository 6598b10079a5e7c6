import type { LimitOutcome } from '@agenthook/bounded';
import type { MaskSet } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import type { NewTask } from './enqueue.js';

/** How long masking waits for its turn, in ms; the sender waits for the answer. */
const WAIT_MS = 5_000;

/**
 * A task as it is stored: its event, and what is shown of its conversation's key, are masked. Pointers name
 * values of the payload; patterns apply to all. Returns the limit that kept it from being masked.
 */
export async function maskTask(ctx: Context, masks: MaskSet, task: NewTask): Promise<NewTask | LimitOutcome> {
  const { data, payloadJson, conversation } = task;
  const caller = { key: data.agent_id, waitMs: WAIT_MS };
  const { headers, query } = data;
  const around = await ctx.bounded.mask(
    { pointers: [], patterns: masks.patterns },
    { headers, query, key: conversation?.key },
    caller,
  );
  if (around.outcome !== 'masked') return around;
  const { key, ...rest } = around.value as { key?: string };
  const masked: NewTask = {
    ...task,
    data: { ...data, ...rest },
    ...(conversation && key !== undefined && { conversation: { ...conversation, key } }),
  };
  if (payloadJson === undefined) {
    const { payload, payload_json: _, ...others } = masked.data;
    const found = await ctx.bounded.mask(masks, payload, caller);
    return found.outcome === 'masked' ? { ...masked, data: { ...others, payload: found.value } } : found;
  }
  const found = await ctx.bounded.maskJson(masks, payloadJson, caller);
  if (found.outcome === 'not_json') throw new Error('a payload is no JSON');
  return found.outcome === 'masked' ? { ...masked, payloadJson: found.json } : found;
}

/** The same for a task that no sender waits for. Throws `busy`. */
export async function maskNewTask(ctx: Context, masks: MaskSet | undefined, task: NewTask): Promise<NewTask> {
  const masked = masks ? await maskTask(ctx, masks, task) : task;
  if (!('outcome' in masked)) return masked;
  throw new AppError('busy', 'Too much is being masked at the moment. Try again soon.');
}
