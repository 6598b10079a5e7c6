import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { defineScript } from '../../redis/script.js';
import { buildIndex } from './build-index.js';
import type { DocumentEntry } from './document-store.js';
import { FORMAT } from './index-format.js';

/** Gives the document ARGV[1] its index (ARGV[3]) where it is still there, and its text a place of its own. */
const indexedScript = defineScript<0 | 1>(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[3], ARGV[3])
local text = redis.call('HGET', KEYS[4], ARGV[1])
if text then
  redis.call('SET', KEYS[2], text)
  redis.call('HDEL', KEYS[4], ARGV[1])
end
return 1`);

async function readText(ctx: Context, agentId: string, id: string): Promise<string | null> {
  const text = await ctx.redis.get(keys.documentText(agentId, id));
  return text ?? (await ctx.redis.hget(keys.agentTexts(agentId), id));
}

export const isIndexed = ({ index }: DocumentEntry): boolean => index?.format === FORMAT;

/**
 * Indexes a document that was stored before indexes were, or with one of another format. A process does one at a time, and
 * each once. Rejects with the signal's reason while it waits for its turn.
 */
export async function indexStored(
  ctx: Context,
  agentId: string,
  { index: _, ...document }: DocumentEntry,
  signal: AbortSignal,
): Promise<void> {
  await ctx.documentWork.index(async () => {
    const json = await ctx.redis.hget(keys.agentDocuments(agentId), document.id);
    // Another search, or another worker, may have done it meanwhile.
    if (json === null || isIndexed(JSON.parse(json) as DocumentEntry)) return;
    const text = await readText(ctx, agentId, document.id);
    if (text === null) return;
    const { facts, bytes } = await buildIndex(text);
    const redisKeys = [
      keys.agentDocuments(agentId),
      keys.documentText(agentId, document.id),
      keys.documentIndex(agentId, document.id),
      keys.agentTexts(agentId),
    ];
    const entry: DocumentEntry = { ...document, index: facts };
    await indexedScript(ctx.redis, redisKeys, [document.id, JSON.stringify(entry), bytes]);
  }, signal);
}
