import type { DocumentsPort } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { readEntries } from './document-store.js';
import { searchDocuments } from './search.js';

/** An agent's documents as its tool reads them; empty for an unknown agent. */
export const documentsOf = (ctx: Context, agentId: string): DocumentsPort => ({
  list: async () => (await readEntries(ctx, agentId)).map(({ name, characters }) => ({ name, characters })),
  search: (query, limit, signal) => searchDocuments(ctx, agentId, query, limit, signal),
});
