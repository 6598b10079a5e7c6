import type { AskedEntry } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../../context.js';
import { type About, aboutOf } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { readAskedScript } from './read-asked.script.js';

/** An ask that nobody has decided, and what is known of its task. */
export interface OpenAsk {
  asked: AskedEntry;
  about: About;
}

/**
 * An ask by the id of its journal entry; undefined once it was decided, has expired, or its task has ended.
 */
export async function readAsked(
  ctx: Context,
  shard: number,
  taskId: string,
  place: string,
): Promise<OpenAsk | undefined> {
  const redisKeys = { job: keys.job(shard, taskId), log: keys.taskLog(shard, taskId) };
  const [entry, options] = await readAskedScript(ctx.redis, redisKeys, { place });
  const about = aboutOf(options);
  if (entry === null || !about) return undefined;
  const asked = parseJson(await ctx.seal.read(entry)) as AskedEntry;
  return asked.expires_ms > ctx.now() ? { asked, about } : undefined;
}
