import { client } from '../api/client.js';

/** How long to wait for workers to release cancelled runs, in ms, and how many times. */
const PAUSE_MS = 500;
const PATIENCE = 20;

/**
 * Erases all runs of an agent or of a conversation, step by step. Runs that have not ended are cancelled
 * first. Returns how many were erased, and how many remain because their workers did not release them.
 */
export async function eraseRuns(
  which: { agent_id: string } | { conversation_id: string },
): Promise<{ erased: number; left: number }> {
  let erased = 0;
  for (let waits = 0; ; ) {
    const query = { ...which, cancel: true };
    const { data, error } = await client.DELETE('/api/tasks', { params: { query } });
    if (data === undefined) throw error;
    erased += data.erased;
    const left = data.remaining + data.unfinished;
    if (left === 0 || waits === PATIENCE) return { erased, left };
    if (data.erased > 0) continue;
    waits += 1;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
