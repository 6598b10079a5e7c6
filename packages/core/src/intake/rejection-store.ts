import { randomBytes } from 'node:crypto';
import type { PayloadKind } from '@agenthook/bounded';
import { iso, MAX_REJECTIONS, type Rejection, SHOWN_REJECTION_BYTES } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';

/** A larger body is not kept whole, and so can not be accepted later. */
export const MAX_KEPT_BODY_BYTES = 256 * 1024;
/** What the bodies of one agent may take in all; beyond it the oldest are cut to what is shown of them. */
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

/** A rejection as it is stored. */
export type StoredRejection = Omit<Rejection, 'id' | 'status' | 'body' | 'truncated'> & {
  /** How the bytes of the body are to be read; null where they were refused for not being of any such kind. */
  kind: PayloadKind | null;
};

/** A stored rejection with the beginning of its body, and how many bytes of it there are. */
export interface FoundRejection {
  id: string;
  stored: StoredRejection;
  body: string;
  keptBytes: number;
}

/** Ids sort by the time of their making. */
const idAt = (ms: number): string => `rej_${Math.max(0, ms).toString(16).padStart(12, '0')}`;

/** Keeps one, drops those that are too old or too many, and cuts bodies, the oldest first, to what all may take. */
const keepScript = defineScript<0 | 1>(`
local agent, rows, bodies = unpack(KEYS)
local id, row, body, oldest = unpack(ARGV, 1, 4)
local most, total, shown, ttl = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
if redis.call('EXISTS', agent) == 0 then return 0 end
redis.call('HSET', rows, id, row)
redis.call('HSET', bodies, id, body)
local ids = redis.call('HKEYS', rows)
table.sort(ids)
for n = #ids, 1, -1 do
  local size = redis.call('HSTRLEN', bodies, ids[n])
  if #ids - n >= most or ids[n] < oldest then
    redis.call('HDEL', rows, ids[n])
    redis.call('HDEL', bodies, ids[n])
  elseif size > shown and size > total then
    redis.call('HSET', bodies, ids[n], string.sub(redis.call('HGET', bodies, ids[n]), 1, shown))
    total = total - shown
  else
    total = total - size
  end
end
redis.call('EXPIRE', rows, ttl)
redis.call('EXPIRE', bodies, ttl)
return 1`);

/** Rows after the cursor, newest first, each with the beginning of its body and the length of what is kept of it. */
const pageScript = defineScript<[string, string, string, number][]>(`
local rows, bodies = unpack(KEYS)
local limit, cursor, oldest, shown = tonumber(ARGV[1]), ARGV[2], ARGV[3], tonumber(ARGV[4])
local ids = redis.call('HKEYS', rows)
table.sort(ids)
local page = {}
for n = #ids, 1, -1 do
  local id = ids[n]
  if #page == limit or id < oldest then break end
  if cursor == '' or id < cursor then
    local body = redis.call('HGET', bodies, id) or ''
    page[#page + 1] = { id, redis.call('HGET', rows, id), string.sub(body, 1, shown), #body }
  end
end
return page`);

/** Replaces a row that is still there. */
const replaceScript = defineScript<0 | 1>(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`);

const redisKeys = (agentId: string) => [keys.agentRejections(agentId), keys.agentRejectedBodies(agentId)];
const oldestId = (ctx: Context) => idAt(ctx.now() - ctx.resultTtlSeconds * 1000);

/** Keeps a rejection of an agent that still exists. Of a body that is too large, only the beginning is kept. */
export async function keepRejection(
  ctx: Context,
  agentId: string,
  stored: StoredRejection,
  body: Buffer,
): Promise<void> {
  const kept = body.length > MAX_KEPT_BODY_BYTES ? body.subarray(0, SHOWN_REJECTION_BYTES) : body;
  await keepScript(
    ctx.redis,
    [keys.agent(agentId), ...redisKeys(agentId)],
    [
      idAt(ctx.now()) + randomBytes(8).toString('hex'),
      JSON.stringify(stored),
      kept,
      oldestId(ctx),
      MAX_REJECTIONS,
      MAX_TOTAL_BYTES,
      SHOWN_REJECTION_BYTES,
      ctx.resultTtlSeconds,
    ],
  );
}

/** Rejections of an agent, newest first, after `cursor` (the last id of the page before). */
export async function pageOfRejections(
  ctx: Context,
  agentId: string,
  limit: number,
  cursor = '',
): Promise<FoundRejection[]> {
  const args = [limit, cursor, oldestId(ctx), SHOWN_REJECTION_BYTES];
  const page = await pageScript(ctx.redis, redisKeys(agentId), args);
  return page.map(([id, json, body, keptBytes]) => ({
    id,
    stored: JSON.parse(json) as StoredRejection,
    body,
    keptBytes,
  }));
}

/** One rejection with all that is kept of its body; undefined where there is none. */
export async function readRejection(
  ctx: Context,
  agentId: string,
  id: string,
): Promise<{ stored: StoredRejection; body: Buffer } | undefined> {
  const [rows, bodies] = redisKeys(agentId) as [string, string];
  const [json, body] = await Promise.all([ctx.redis.hget(rows, id), ctx.redis.hgetBuffer(bodies, id)]);
  if (json === null || body === null) return undefined;
  return { stored: JSON.parse(json) as StoredRejection, body };
}

/** Notes on a rejection, if it is still there, the task that was made of it. */
export async function noteAccepted(
  ctx: Context,
  agentId: string,
  id: string,
  stored: StoredRejection,
  taskId: string,
): Promise<void> {
  const accepted = { at: iso(ctx.now()), task_id: taskId };
  const row = JSON.stringify({ ...stored, accepted } satisfies StoredRejection);
  await replaceScript(ctx.redis, [keys.agentRejections(agentId)], [id, row]);
}

/** Drops those with a smaller id than ARGV[1]. */
const removeScript = defineScript<null>(`
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
  if id < ARGV[1] then
    redis.call('HDEL', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
  end
end`);

/** Drops the one whose row has ARGV[1]: in JSON no text that was sent can look like a member and its value. */
const removeAcceptedScript = defineScript<null>(`
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.find(redis.call('HGET', KEYS[1], id), ARGV[1], 1, true) then
    redis.call('HDEL', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
  end
end`);

/** Forgets the rejections of an agent, or those from before a time, in ms since the epoch. */
export async function removeRejections(ctx: Context, agentId: string, beforeMs?: number): Promise<void> {
  if (beforeMs === undefined) await ctx.redis.unlink(...redisKeys(agentId));
  else await removeScript(ctx.redis, redisKeys(agentId), [idAt(beforeMs)]);
}

/** Forgets the rejection that a task was made of. */
export async function removeRejectionOf(ctx: Context, agentId: string, taskId: string): Promise<void> {
  await removeAcceptedScript(ctx.redis, redisKeys(agentId), [`"task_id":"${taskId}"`]);
}
