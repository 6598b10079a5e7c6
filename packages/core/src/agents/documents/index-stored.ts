import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { readRow } from '../../redis/stored-row.js';
import { buildIndex } from './build-index.js';
import { DOCUMENT, type DocumentEntry } from './document-store.js';
import { FORMAT } from './index-format.js';
import { setIndexScript } from './set-index.script.js';

async function readText(ctx: Context, agentId: string, id: string): Promise<string | null> {
  const text = await ctx.redis.get(keys.documentText(agentId, id));
  return text ?? (await ctx.redis.hget(keys.agentTexts(agentId), id));
}

export const isIndexed = ({ index }: DocumentEntry): boolean => index?.format === FORMAT;

/**
 * Indexes a document that has no index, or one of another format. A process indexes one document at a time,
 * and each only once. Rejects with the signal's reason while it waits for its turn.
 */
export async function indexStored(
  ctx: Context,
  agentId: string,
  { index: _, ...document }: DocumentEntry,
  signal: AbortSignal,
): Promise<void> {
  await ctx.documentWork.index(async () => {
    const json = await ctx.redis.hget(keys.agentDocuments(agentId), document.id);
    // Another search or another worker may have indexed it meanwhile.
    const stored = json === null ? undefined : readRow(ctx, DOCUMENT, json, document.id);
    if (!stored || isIndexed(stored)) return;
    const text = await readText(ctx, agentId, document.id);
    if (text === null) return;
    const { facts, bytes } = await buildIndex(text);
    const entry: DocumentEntry = { ...document, index: facts };
    await setIndexScript(
      ctx.redis,
      {
        documents: keys.agentDocuments(agentId),
        text: keys.documentText(agentId, document.id),
        index: keys.documentIndex(agentId, document.id),
        texts: keys.agentTexts(agentId),
      },
      { id: document.id, entry: JSON.stringify(entry), bytes },
    );
  }, signal);
}
