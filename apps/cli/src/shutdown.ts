import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.js';

/** How long the api has for itself, to answer what it is at, before the worker is asked too. */
const API_HEAD_START_MS = 2000;
/** What a process may take past its own grace time before it is killed. */
const MARGIN_MS = 3000;
const REDIS_MS = 10_000;

const after = (ms: number) => sleep(ms, 'late' as const, { ref: false });

/**
 * Stops the services in the one order that loses nothing: the api takes no more, the worker finishes or hands back what
 * it runs, and only then Redis writes its data down and goes. Kills what does not go in time.
 *
 * @param services by name; those that were never started are missing
 * @param graceMs SHUTDOWN_GRACE_SECONDS, in ms
 * @param say tells the user about what takes long
 */
export async function stopServices(
  services: Partial<Record<Service['name'], Service>>,
  graceMs: number,
  say: (line: string) => void,
): Promise<void> {
  const { api, worker, redis } = services;
  const deadline = after(graceMs + MARGIN_MS);
  const patience = setTimeout(
    () => say(`waiting for running tasks (up to ${Math.ceil(graceMs / 1000)} s)`),
    API_HEAD_START_MS,
  );
  await Promise.race([api?.stop(), after(API_HEAD_START_MS)]);
  const gone = Promise.all([api?.stop(), worker?.stop()]);
  if ((await Promise.race([gone, deadline])) === 'late') {
    say('api or worker did not end in time and was killed');
    api?.kill();
    worker?.kill();
    await gone;
  }
  clearTimeout(patience);
  if ((await Promise.race([redis?.stop(), after(REDIS_MS)])) === 'late') {
    say('Redis did not end in time and was killed');
    redis?.kill();
    await redis?.stop();
  }
}
