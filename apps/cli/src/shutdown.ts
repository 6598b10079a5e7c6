import { withDeadline } from '@agenthook/async';
import type { Service } from './service.js';

/** How long the api alone has to answer open requests before the worker is stopped too. */
const API_HEAD_START_MS = 2000;
/** How long a process may exceed its own grace period before it is killed. */
const MARGIN_MS = 3000;
const REDIS_MS = 10_000;
const LATE = 'late';

/**
 * Stops the services in the only order that loses nothing: the api accepts no more requests, the worker
 * finishes or hands back its tasks, and then Redis saves its data and stops. Kills a service that does not
 * stop in time.
 *
 * @param services by name; services that never started are missing
 * @param graceMs SHUTDOWN_GRACE_SECONDS, in ms
 * @param say reports slow steps to the user
 */
export async function stopServices(
  services: Partial<Record<Service['name'], Service>>,
  graceMs: number,
  say: (line: string) => void,
): Promise<void> {
  const { api, worker, redis } = services;
  const deadline = performance.now() + graceMs + MARGIN_MS;
  const patience = setTimeout(
    () => say(`waiting for running tasks (up to ${Math.ceil(graceMs / 1000)} s)`),
    API_HEAD_START_MS,
  );
  await withDeadline(Promise.resolve(api?.stop()), API_HEAD_START_MS);
  const gone = Promise.all([api?.stop(), worker?.stop()]);
  if ((await withDeadline(gone, deadline - performance.now(), LATE)) === LATE) {
    say('api or worker did not end in time and was killed');
    api?.kill();
    worker?.kill();
    await gone;
  }
  clearTimeout(patience);
  if ((await withDeadline(Promise.resolve(redis?.stop()), REDIS_MS, LATE)) === LATE) {
    say('Redis did not end in time and was killed');
    redis?.kill();
    await redis?.stop();
  }
}
