import type { DocumentsPort } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { readEntries } from './document-store.js';
import { searchDocuments } from './search.js';

/** The documents of an agent as its tool reads them. Without an agent there are none. */
export const documentsOf = (ctx: Context, agentId: string): DocumentsPort => ({
  list: async () => (await readEntries(ctx, agentId)).map(({ name, characters }) => ({ name, characters })),
  search: (query, limit, signal) => searchDocuments(ctx, agentId, query, limit, signal),
});
