import type { Load } from './load.js';
import { cpuMilliseconds } from './machine.js';
import type { Sizes } from './sizes.js';

/** One of two webhooks that are compared. */
export interface Side {
  url: string;
  /** The process id of the answering process. */
  pid: number;
  /** Runs before each of its rounds. */
  before?: () => Promise<void>;
}

/** One value per round. */
export interface Rounds {
  perSecond: number[];
  /** CPU time of the process per request, in µs; NaN if the system does not report it. */
  cpu: number[];
}

/**
 * Drives two webhooks: after a warm-up, short rounds alternate between them, so that other load on the
 * machine affects both.
 */
export async function byTurns(load: Load, sizes: Sizes, sides: [Side, Side]): Promise<[Rounds, Rounds]> {
  const rounds: [Rounds, Rounds] = [
    { perSecond: [], cpu: [] },
    { perSecond: [], cpu: [] },
  ];
  for (const { url } of sides) await load.run(url, sizes.warmUpSeconds);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const n of [0, 1] as const) {
      const { url, pid, before } = sides[n];
      await before?.();
      const cpuBefore = cpuMilliseconds(pid);
      const { answered, seconds } = await load.run(url, sizes.roundSeconds);
      rounds[n].perSecond.push(answered / seconds);
      rounds[n].cpu.push(((cpuMilliseconds(pid) - cpuBefore) * 1000) / answered);
    }
  }
  return rounds;
}
