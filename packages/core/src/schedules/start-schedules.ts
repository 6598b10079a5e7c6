import { createVersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { runDue } from './run-due.js';

/** How often a process looks for schedules that others saved, in ms. */
const LOOK_MS = 1_000;

/**
 * Runs the schedules of all agents, beside any number of other processes. Returns a function that stops it.
 */
export function startSchedules(ctx: Context): () => void {
  const versions = createVersionCache(ctx);
  let stopped = false;
  let timer: NodeJS.Timeout;
  const turn = async () => {
    let waitMs = LOOK_MS;
    try {
      const { more, nextInMs = LOOK_MS } = await runDue(ctx, versions);
      waitMs = more ? 0 : Math.min(LOOK_MS, nextInMs + 1);
    } catch (error) {
      ctx.log.debug({ err: error }, 'looking for schedules failed');
    }
    if (!stopped) timer = setTimeout(turn, waitMs);
  };
  timer = setTimeout(turn, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
