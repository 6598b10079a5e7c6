import { atOnce } from '../../at-once.js';
import type { Context } from '../../context.js';

const MAX_SEARCHES = 4;

/** How many indexes this process builds at once, and in how many it searches. */
export const createDocumentWork = (): Context['documentWork'] => ({
  index: atOnce(1),
  search: atOnce(MAX_SEARCHES),
});
