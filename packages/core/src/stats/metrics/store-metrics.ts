import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { boundOf } from './definitions.js';
import { type Increment, SEPARATOR } from './recorder.js';
import { storeMetricsScript } from './store-metrics.script.js';

/** What a process is doing, as it last reported. */
export interface Load {
  kind: 'api' | 'worker';
  /** Slots of a worker, and those that are taken. */
  slots?: number;
  taken?: number;
  /** Payloads in progress, in bytes. */
  bytes?: number;
  /** How late its event loop was, 99 of 100 times, in ms. */
  lag_ms: number;
  rss_bytes: number;
}

/** How many increments one command has. Redis does nothing else meanwhile. */
const AT_ONCE = 500;

/**
 * Stores what this process has counted since the last time, and its load. What cannot be stored is kept for
 * the next time; an answer that was lost counts twice.
 */
export async function storeMetrics(ctx: Context, id: string, load: Load, aliveMs: number): Promise<void> {
  let left = ctx.metrics.drain();
  try {
    do {
      await storeSome(ctx, id, load, aliveMs, left.slice(0, AT_ONCE));
      left = left.slice(AT_ONCE);
    } while (left.length > 0);
  } catch (error) {
    ctx.metrics.giveBack(left);
    throw error;
  }
}

async function storeSome(
  ctx: Context,
  id: string,
  load: Load,
  aliveMs: number,
  increments: readonly Increment[],
): Promise<void> {
  await storeMetricsScript(
    ctx.redis,
    {
      counters: keys.metrics,
      agents: keys.metricLabels('agent'),
      models: keys.metricLabels('model'),
      tools: keys.metricLabels('tool'),
      load: keys.processLoad(id),
    },
    {
      text: JSON.stringify(load),
      aliveMs,
      increments: increments.map(({ name, labels: [first = '', ...others], place, by }) => ({
        bound: boundOf(name),
        name: name + SEPARATOR,
        first,
        rest: [...others, place].map((part) => SEPARATOR + part).join(''),
        by,
      })),
    },
  );
}
