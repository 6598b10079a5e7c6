import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../bench/stats.js';
import { type Stack, type StackOptions, sharedStack, startStack } from '../harness/index.js';
import { startBystander, type Watched } from './bystander.js';

/** Real processes under attack, and a bystander beside them. */
export interface Arena {
  readonly stack: Stack;
  /**
   * Runs an attack and fails if the bystander waited too long or was refused. Its wait becomes a line of the
   * table that `jest/global-teardown.mjs` prints.
   *
   * @param doing what the bystander does that the attack could hold up
   */
  beside<T>(name: string, doing: Watched, attack: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * How much longer than normally a bystander may wait, in ms. The aim is 100, but a machine that runs several
 * suites at once is slow at everything. Without their limits these attacks cost seconds to minutes.
 */
const PATIENCE_MS = 3000;
/** And how many times as long as the worst normal wait. */
const TIMES_CALM = 5;
/** The minimum time to measure, because what holds up a process may begin after its answer. */
const SHORTEST_MS = 400;
/**
 * The environment of a stack that only this suite uses: attackers and bystanders have addresses, as behind a
 * proxy.
 */
const ENV = { EGRESS_ALLOW: '127.0.0.1', TRUST_PROXY: 'loopback' };

/**
 * Measures the bystander's normal wait on a stack whose tools may reach 127.0.0.1.
 *
 * @param own how to start a stack for this suite; default: the one that all suites share
 */
export async function startArena(suite: string, own?: StackOptions): Promise<Arena> {
  const stack = own ? await startStack({ ...own, env: { ...ENV, ...own.env } }) : await sharedStack();
  const bystander = await startBystander(stack);

  const measure = async <T>(name: string, doing: Watched, attack: () => Promise<T>) => {
    const { result, samples } = await bystander.beside(async () => {
      const [result] = await Promise.all([attack(), sleep(SHORTEST_MS)]);
      return result;
    });
    if (samples.failed.length > 0)
      throw new Error(`${name}: a bystander failed ${samples.failed.length} times: ${samples.failed[0]}`);
    const times = samples[doing];
    const [p50, p99, worst] = [0.5, 0.99, 1].map((share) => Math.round(percentile(times, share)));
    note({ suite, case: name, doing, requests: times.length, p50_ms: p50, p99_ms: p99, worst_ms: worst });
    return { result, worst: worst ?? 0 };
  };
  const calm = {
    trigger: (await measure('(nothing)', 'trigger', () => sleep(700))).worst,
    run: (await measure('(nothing)', 'run', () => sleep(700))).worst,
  };

  return {
    stack,
    async beside(name, doing, attack) {
      const { result, worst } = await measure(name, doing, attack);
      const most = PATIENCE_MS + TIMES_CALM * calm[doing];
      if (worst > most) throw new Error(`${name}: a bystander waited ${worst} ms, and ${most} are too many`);
      return result;
    },
    async stop() {
      bystander.stop();
      await stack.stop();
    },
  };
}

/** For the table at the end of the Jest run. */
function note(line: Record<string, unknown>): void {
  const { BYSTANDERS_FILE } = process.env;
  if (BYSTANDERS_FILE !== undefined) appendFileSync(BYSTANDERS_FILE, `${JSON.stringify(line)}\n`);
}
