import { atOnce } from '../../at-once.js';
import type { Context } from '../../context.js';

const MAX_SEARCHES = 4;

/** Limits how many indexes this process builds, and how many searches it runs, at once. */
export const createDocumentWork = (): Context['documentWork'] => ({
  index: atOnce(1),
  search: atOnce(MAX_SEARCHES),
});
