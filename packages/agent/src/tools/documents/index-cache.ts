import type { DocumentsPort } from '@agenthook/contracts';
import { buildIndex, type SearchIndex } from './search-index.js';

/** Gives the index of an agent's documents as they are now. */
export type IndexCache = (agentId: string, documents: DocumentsPort) => Promise<SearchIndex>;

interface Entry {
  revision: string;
  index: Promise<SearchIndex>;
  /** Known once the index is made. */
  characters: number;
}

/**
 * Keeps the indexes that were used last, as many as `maxAgents` and texts of `maxCharacters` in all allow (the one used
 * now always). An index takes some times the memory of its text. Runs that ask at the same time share the work.
 */
export function createIndexCache({ maxAgents = 50, maxCharacters = 20_000_000 } = {}): IndexCache {
  /** In the order of use. */
  const entries = new Map<string, Entry>();

  const shrink = (keep: string) => {
    const total = () => [...entries.values()].reduce((sum, { characters }) => sum + characters, 0);
    for (const agentId of [...entries.keys()]) {
      if (entries.size <= maxAgents && total() <= maxCharacters) return;
      if (agentId !== keep) entries.delete(agentId);
    }
  };

  const build = (agentId: string, revision: string, documents: DocumentsPort): Entry => {
    const entry: Entry = { revision, characters: 0, index: documents.all().then(buildIndex) };
    entry.index.then(
      ({ characters }) => {
        entry.characters = characters;
        shrink(agentId);
      },
      () => {
        if (entries.get(agentId) === entry) entries.delete(agentId);
      },
    );
    return entry;
  };

  return async (agentId, documents) => {
    // Read before the documents: were one added in between, the index would be newer than it says, never older.
    const revision = await documents.revision();
    const known = entries.get(agentId);
    const entry = known?.revision === revision ? known : build(agentId, revision, documents);
    entries.delete(agentId);
    entries.set(agentId, entry);
    return await entry.index;
  };
}
