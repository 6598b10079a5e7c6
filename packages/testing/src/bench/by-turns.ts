import type { Load } from './load.js';
import { cpuMilliseconds } from './machine.js';
import type { Sizes } from './sizes.js';

/** One of two webhooks that are compared. */
export interface Side {
  url: string;
  /** Of the process that answers. */
  pid: number;
  /** Done before each of its rounds. */
  before?: () => Promise<void>;
}

/** One value per round. */
export interface Rounds {
  perSecond: number[];
  /** The process's time on a core per request, in µs; NaN where the system does not tell. */
  cpu: number[];
}

/**
 * Drives two webhooks: after a warm-up, short rounds of one and the other by turns, so that whatever else the machine
 * does falls on both.
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
