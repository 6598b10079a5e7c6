import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './places.js';
import type { World } from './world.js';

/** The parts of the time in which events are sent, between which the processes are replaced. */
const BEGINS = 0.25;
const ENDS = 0.75;
/** How long a new process may take before the old one is stopped anyway, in ms. */
const MOST_MS = { api: 10_000, worker: 3_000 };

/**
 * Replaces each process by one of this version, one after the other, while both run: starts the new one,
 * waits until it answers, and stops the old one. Returns how many were replaced.
 */
export async function upgradeAll(world: World, seconds: number): Promise<number> {
  const old = world.places.all().filter(({ root }) => root !== undefined);
  await sleep(seconds * 1_000 * BEGINS);
  for (const place of old) {
    const began = Date.now();
    const other = world.places.open(place.kind);
    while (Date.now() - began < MOST_MS[place.kind] && !(await isReady(other))) await sleep(100);
    await world.places.close(place);
    await sleep(Math.max(0, (seconds * 1_000 * (ENDS - BEGINS)) / old.length - (Date.now() - began)));
  }
  return old.length;
}

/** Whether an api answers. A worker has no port, so it gets all of its time. */
async function isReady({ kind, url }: Place): Promise<boolean> {
  if (kind === 'worker' || url === '') return false;
  return await fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
