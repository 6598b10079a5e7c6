import { withDeadline } from '@agenthook/async';
import type { Context } from '../context.js';

/** How long `/readyz` waits for the store of files, in ms: probes give up soon. */
const PATIENCE_MS = 1_000;
const LATE = 'The store of files does not answer in time (BLOB_STORE_URL).';

/** One line if files of events cannot be stored, else none. */
export async function checkBlobs({ blobs }: Pick<Context, 'blobs'>): Promise<string[]> {
  const problem = blobs && (await withDeadline(blobs.problem(), PATIENCE_MS, LATE));
  return problem === undefined ? [] : [problem];
}
