import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { World } from './world.js';

/** Longer than a worker's locks hold, in ms. */
const FROZEN_MS = 12_000;
/** How long Redis stores nothing, in ms: while everything runs, and after the start of everything. */
const FULL_MS = 3_000;
const FULL_START_MS = 4_000;
const START_MS = 20_000;

type Fault = (world: World) => Promise<void>;

const oneOf = ({ places, random }: World, kind: 'api' | 'worker') =>
  random.oneOf(places.running(kind))?.process;

/** Runs commands on Redis itself. */
async function onRedis(world: World, run: (admin: Redis) => Promise<unknown>): Promise<void> {
  const admin = new Redis(world.redis.url).on('error', () => {});
  try {
    await run(admin);
  } finally {
    admin.disconnect();
  }
}

/** Stops everything, and starts it while Redis answers, but stores nothing. */
const startWhile =
  (refuse: (admin: Redis) => Promise<unknown>, accept: (admin: Redis) => Promise<unknown>): Fault =>
  async (world) => {
    const { places, unread, api } = world;
    await places.restart(() => onRedis(world, refuse));
    const isStarted = async () => {
      const [started] = places.running('api').filter(({ url }) => url !== '');
      return started !== undefined && (await fetch(`${started.url}/healthz`)).ok;
    };
    const end = Date.now() + START_MS;
    while (Date.now() < end && !(await isStarted().catch(() => false))) await sleep(100);
    await sleep(FULL_START_MS);
    // One that does not listen yet, or has just been replaced, refuses no read.
    const read = () => api.request('GET', '/api/tasks?limit=1').catch(() => undefined);
    let answer = await read();
    for (const last = Date.now() + START_MS; !answer && Date.now() < last; answer = await read())
      await sleep(100);
    if (answer?.status !== 200) unread.push(`GET /api/tasks: ${answer?.status ?? 'no answer'}`);
    await onRedis(world, accept);
  };

/** The name of wrong clocks, which are a fault from the start of a process. */
export const WRONG_CLOCKS = 'clocks';

/** The name of clocks that are set while their processes run. */
export const MOVED_CLOCKS = 'clock set forward or back';

/** The faults by name. Each resolves when it is over; the product may still be recovering. */
export const FAULTS: Record<string, Fault> = {
  'worker killed': async (world) => oneOf(world, 'worker')?.signal('SIGKILL'),
  'worker stopped': async (world) => oneOf(world, 'worker')?.signal('SIGTERM'),
  'worker frozen longer than its locks hold': async (world) => {
    const worker = oneOf(world, 'worker');
    worker?.signal('SIGSTOP');
    // Other faults continue in the meantime.
    setTimeout(() => worker?.signal('SIGCONT'), FROZEN_MS);
  },
  'api killed': async (world) => oneOf(world, 'api')?.signal('SIGKILL'),
  'all killed': async ({ places }) => {
    for (const { process } of places.running()) process.signal('SIGKILL');
  },
  [MOVED_CLOCKS]: async ({ places }) => places.moveClock(),
  'Redis killed': async ({ redis, random }) => {
    await redis.down('SIGKILL');
    await sleep(random.below(1_000));
    await redis.restart();
  },
  'Redis frozen': async ({ redis, random }) => {
    redis.pause();
    await sleep(1_000 + random.below(3_000));
    redis.resume();
  },
  'Redis full': (world) =>
    onRedis(world, async (admin) => {
      await admin.config('SET', 'maxmemory', '1');
      await sleep(FULL_MS);
      await admin.config('SET', 'maxmemory', '0');
    }),
  'all started while Redis is full': startWhile(
    (admin) => admin.config('SET', 'maxmemory', '1'),
    (admin) => admin.config('SET', 'maxmemory', '0'),
  ),
  'all started while Redis is read-only': startWhile(
    (admin) => admin.replicaof('127.0.0.1', 1),
    (admin) => admin.replicaof('NO', 'ONE'),
  ),
};

/**
 * Causes one fault after the other, each kind in turn, until `signal` aborts. Returns how often each
 * occurred.
 *
 * @param names of the faults; all if undefined
 */
export async function makeTrouble(
  world: World,
  names: string[] | undefined,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const chosen = Object.entries(FAULTS).filter(([name]) => names?.includes(name) ?? true);
  const happened = new Map<string, number>(chosen.map(([name]) => [name, 0]));
  for (;;) {
    for (const [name, strike] of world.random.shuffled(chosen)) {
      await sleep(1_000 + world.random.below(2_000));
      if (signal.aborted) return happened;
      await strike(world);
      happened.set(name, (happened.get(name) ?? 0) + 1);
    }
    if (chosen.length === 0) return happened;
  }
}
