import { type AtOnce, atOnce } from '../at-once.js';

/** What a process does with documents, so many at once: each may hold some megabytes meanwhile. */
export interface DocumentWork {
  index: AtOnce;
  search: AtOnce;
}

const MAX_SEARCHES = 4;

export const createDocumentWork = (): DocumentWork => ({ index: atOnce(1), search: atOnce(MAX_SEARCHES) });
