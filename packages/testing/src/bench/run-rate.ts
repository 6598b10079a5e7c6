import { until } from '../harness/index.js';
import type { Load } from './load.js';
import { cpuMilliseconds } from './machine.js';
import type { Figure } from './report.js';
import type { Sizes } from './sizes.js';
import { median } from './stats.js';
import type { System } from './system.js';

const ROUND_TIMEOUT_MS = 45_000;
/** How often the count is read. At these rates, the error is less than one percent. */
const POLL_MS = 20;

const sum = ({ succeeded, failed }: { succeeded: number; failed: number }) => succeeded + failed;

/** A kind of run to measure. */
export interface RunKind {
  /** As in "no-op runs". */
  what: string;
  webhookUrl: string;
  /** The payload of each run. Default: that of a no-op run. */
  body?: string;
  /** How many runs per round. Default: as the sizes say. */
  runs?: number;
  target?: Figure['target'];
}

/**
 * How many runs of a kind one worker process finishes per second. The worker is frozen while their tasks are
 * stored, so that it starts warm and at a known moment, and has machine and Redis to itself.
 */
export async function runRate(
  system: System,
  load: Load,
  sizes: Sizes,
  { what, webhookUrl, body, target, runs = sizes.runs }: RunKind,
): Promise<Figure[]> {
  const [worker] = system.stack.workers;
  if (worker === undefined) throw new Error('there is no worker');
  const rates: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round <= sizes.runRounds; round++) {
    const before = await system.finished();
    const cpuBefore = cpuMilliseconds(worker.pid);
    worker.signal('SIGSTOP');
    try {
      await load.send(webhookUrl, runs, body);
    } finally {
      worker.signal('SIGCONT');
    }
    const start = performance.now();
    const after = await until(
      `${runs} ${what} finish`,
      async () => {
        const now = await system.finished();
        return sum(now) - sum(before) >= runs && now;
      },
      { timeoutMs: ROUND_TIMEOUT_MS, everyMs: POLL_MS },
    );
    if (after.failed > before.failed) throw new Error(`one of the ${what} failed`);
    // The first round warms up.
    if (round === 0) continue;
    rates.push(runs / ((performance.now() - start) / 1000));
    cpu.push(((cpuMilliseconds(worker.pid) - cpuBefore) * 1000) / runs);
  }
  return [
    {
      what: `${what} finished, one worker process`,
      value: median(rates),
      unit: '/s',
      ...(target && { target }),
      details: { rounds: rates },
    },
    {
      what: '  time on a core per run, worker',
      value: median(cpu),
      unit: 'µs',
      details: { rounds: cpu },
    },
  ];
}
