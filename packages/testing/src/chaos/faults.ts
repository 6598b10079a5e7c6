import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { running, type World } from './world.js';

/** Longer than a worker's locks hold, in ms. */
const FROZEN_MS = 12_000;

const oneOf = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];

/** The faults by name. Each resolves when it is over; the product may still be recovering. */
const FAULTS: Record<string, (world: World) => Promise<void>> = {
  'worker killed': async ({ stack }) => oneOf(running(stack.workers))?.signal('SIGKILL'),
  'worker stopped': async ({ stack }) => oneOf(running(stack.workers))?.signal('SIGTERM'),
  'worker frozen longer than its locks hold': async ({ stack }) => {
    const worker = oneOf(running(stack.workers));
    worker?.signal('SIGSTOP');
    // Other faults continue in the meantime.
    setTimeout(() => worker?.signal('SIGCONT'), FROZEN_MS);
  },
  'api killed': async ({ stack }) => oneOf(running(stack.apis))?.signal('SIGKILL'),
  'Redis killed': async ({ redis }) => {
    await redis.down('SIGKILL');
    await sleep(1_000 * Math.random());
    await redis.restart();
  },
  'Redis frozen': async ({ redis }) => {
    redis.pause();
    await sleep(1_000 + 3_000 * Math.random());
    redis.resume();
  },
  'Redis full': async ({ redis }) => {
    const admin = new Redis(redis.url);
    await admin.config('SET', 'maxmemory', '1');
    await sleep(3_000);
    await admin.config('SET', 'maxmemory', '0');
    admin.disconnect();
  },
};

/**
 * Causes one fault after the other, each kind in turn, until `signal` aborts. Returns how often each
 * occurred.
 */
export async function makeTrouble(world: World, signal: AbortSignal): Promise<Map<string, number>> {
  const happened = new Map<string, number>();
  for (;;) {
    for (const [name, strike] of Object.entries(FAULTS).sort(() => Math.random() - 0.5)) {
      await sleep(1_000 + 2_000 * Math.random());
      if (signal.aborted) return happened;
      await strike(world);
      happened.set(name, (happened.get(name) ?? 0) + 1);
    }
  }
}
