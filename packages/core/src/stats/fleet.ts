/** What is read of a process. */
interface Reported {
  kind: 'api' | 'worker';
  concurrency?: number;
  slots?: number;
}

/** The workers that live. */
export interface Fleet {
  workers: number;
  /** How many tasks they run at once, together. */
  slots: number;
}

/** How long an answer is used, in ms. */
const FRESH_MS = 2_000;

const fleetOf = (processes: readonly Reported[]): Fleet => {
  const workers = processes.filter(({ kind }) => kind === 'worker');
  const slots = workers.reduce((sum, { slots, concurrency = 0 }) => sum + (slots ?? concurrency), 0);
  return { workers: workers.length, slots };
};

/** Reads the live workers, at most every two seconds however often it is called. */
export function createFleet(read: () => Promise<readonly Reported[]>): () => Promise<Fleet> {
  let latest: { at: number; fleet: Promise<Fleet> } | undefined;
  return () => {
    const at = performance.now();
    if (latest && at - latest.at < FRESH_MS) return latest.fleet;
    const fleet = read().then(fleetOf);
    latest = { at, fleet };
    fleet.catch(() => {
      latest = undefined;
    });
    return fleet;
  };
}
