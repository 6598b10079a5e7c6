import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { shardOfAgent, taskIdOfDigest } from './task-id.js';

/**
 * The id of the one task that belongs to a text, for a caller that may try again. While SECRET_KEY is
 * rotated, an earlier try may have used the other key; a task that it has made keeps its id.
 *
 * @param purpose keeps the same text of another caller apart
 */
export async function taskIdOfText(
  ctx: Pick<Context, 'redis' | 'queues' | 'secrets'>,
  agentId: string,
  text: string,
  purpose: string,
): Promise<string> {
  const [id = '', ...others] = ctx.secrets
    .digests(text, purpose)
    .map((digest) => taskIdOfDigest(agentId, digest));
  const shard = shardOfAgent(agentId, ctx.queues.length);
  for (const other of others) if ((await ctx.redis.exists(keys.job(shard, other))) === 1) return other;
  return id;
}
