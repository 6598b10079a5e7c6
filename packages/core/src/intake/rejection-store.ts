import { randomBytes } from 'node:crypto';
import { iso, MAX_REJECTIONS, type Rejection, SHOWN_REJECTION_BYTES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { keepRejectionScript } from './keep-rejection.script.js';
import { pageRejectionsScript } from './page-rejections.script.js';
import { removeAcceptedRejectionScript } from './remove-accepted-rejection.script.js';
import { removeRejectionsScript } from './remove-rejections.script.js';
import { replaceRejectionScript } from './replace-rejection.script.js';

/** A larger body is truncated, so its rejection cannot be accepted later. */
export const MAX_KEPT_BODY_BYTES = 256 * 1024;
/** Maximum size of all bodies of one agent. Beyond it, the oldest are truncated to the part that is shown. */
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

/** A rejection as Redis stores it. Its method and headers tell how to parse the bytes of its body. */
export type StoredRejection = Omit<Rejection, 'id' | 'status' | 'body' | 'truncated'>;

/** A stored rejection with the beginning of its body and the body's stored size. */
export interface FoundRejection {
  id: string;
  stored: StoredRejection;
  body: string;
  keptBytes: number;
}

/** Ids sort by creation time. */
const idAt = (ms: number): string => `rej_${Math.max(0, ms).toString(16).padStart(12, '0')}`;

const redisKeys = (agentId: string) => ({
  rows: keys.agentRejections(agentId),
  bodies: keys.agentRejectedBodies(agentId),
});
const oldestId = (ctx: Context) => idAt(ctx.now() - ctx.resultTtlSeconds * 1000);

/** Stores a rejection of an existing agent. Truncates a body that is too large. */
export async function keepRejection(
  ctx: Context,
  agentId: string,
  stored: StoredRejection,
  body: Buffer,
): Promise<void> {
  const kept = body.length > MAX_KEPT_BODY_BYTES ? body.subarray(0, SHOWN_REJECTION_BYTES) : body;
  await keepRejectionScript(
    ctx.redis,
    { agent: keys.agent(agentId), ...redisKeys(agentId) },
    {
      id: idAt(ctx.now()) + randomBytes(8).toString('hex'),
      row: JSON.stringify(stored),
      body: kept,
      oldest: oldestId(ctx),
      most: MAX_REJECTIONS,
      totalBytes: MAX_TOTAL_BYTES,
      shownBytes: SHOWN_REJECTION_BYTES,
      ttl: ctx.resultTtlSeconds,
    },
  );
}

/** An agent's rejections, newest first, after `cursor` (the last id of the previous page). */
export async function pageOfRejections(
  ctx: Context,
  agentId: string,
  limit: number,
  cursor = '',
): Promise<FoundRejection[]> {
  const args = { limit, cursor, oldest: oldestId(ctx), shownBytes: SHOWN_REJECTION_BYTES };
  const page = await pageRejectionsScript(ctx.redis, redisKeys(agentId), args);
  return page.map(([id, json, body, keptBytes]) => ({
    id,
    stored: JSON.parse(json) as StoredRejection,
    body,
    keptBytes,
  }));
}

/** One rejection with its stored body; undefined if it does not exist. */
export async function readRejection(
  ctx: Context,
  agentId: string,
  id: string,
): Promise<{ stored: StoredRejection; body: Buffer } | undefined> {
  const { rows, bodies } = redisKeys(agentId);
  const [json, body] = await Promise.all([ctx.redis.hget(rows, id), ctx.redis.hgetBuffer(bodies, id)]);
  if (json === null || body === null) return undefined;
  return { stored: JSON.parse(json) as StoredRejection, body };
}

/** Records on a rejection, if it still exists, the task that was created from it. */
export async function noteAccepted(
  ctx: Context,
  agentId: string,
  id: string,
  stored: StoredRejection,
  taskId: string,
): Promise<void> {
  const accepted = { at: iso(ctx.now()), task_id: taskId };
  const row = JSON.stringify({ ...stored, accepted } satisfies StoredRejection);
  await replaceRejectionScript(ctx.redis, { rows: keys.agentRejections(agentId) }, { id, row });
}

/** Deletes an agent's rejections: all, or those from before a time, in ms since the epoch. */
export async function removeRejections(ctx: Context, agentId: string, beforeMs?: number): Promise<void> {
  if (beforeMs === undefined) await ctx.redis.unlink(...Object.values(redisKeys(agentId)));
  else await removeRejectionsScript(ctx.redis, redisKeys(agentId), { before: idAt(beforeMs) });
}

/** Deletes the rejection that a task was created from. */
export async function removeRejectionOf(ctx: Context, agentId: string, taskId: string): Promise<void> {
  const member = `"task_id":"${taskId}"`;
  await removeAcceptedRejectionScript(ctx.redis, redisKeys(agentId), { member });
}
