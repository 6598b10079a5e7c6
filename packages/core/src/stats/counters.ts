import type { EndedTask } from '../queue/ended-task.js';

/** Costs are counted in billionths of a dollar, as integers, so that sums are exact. */
export const NANO = 1e9;

/** How much wider each bucket of durations is than the previous one. Percentiles are accurate to 5 %. */
const GROWTH = 1.1;

/** The bucket of a duration in ms. */
const bucketOf = (ms: number): number => Math.round(Math.log(Math.max(1, ms)) / Math.log(GROWTH));

/** The duration that a bucket represents, in ms. */
export const durationOf = (bucket: number): number => Math.round(GROWTH ** bucket);

/** The fields of durations in hourly counters: `d` and the bucket's number. */
export const DURATION_FIELD = /^d(\d+)$/;

/** The codes of failed tasks that somebody, or a newer event, has stopped. They are no faults. */
export const STOPPED: ReadonlySet<string | null> = new Set(['cancelled', 'superseded']);

/** What an ended task adds to its agent's counters of the hour. */
export function countersOf({ status, duration_ms, summary }: EndedTask): Record<string, number> {
  return {
    [status === 'SUCCESS' ? 'succeeded' : 'failed']: 1,
    ...(STOPPED.has(summary.code) && { stopped: 1 }),
    ...(duration_ms !== null && { [`d${bucketOf(duration_ms)}`]: 1 }),
    ...(summary.input_tokens > 0 && { input_tokens: summary.input_tokens }),
    ...(summary.output_tokens > 0 && { output_tokens: summary.output_tokens }),
    ...(summary.cost_usd !== null && { cost_nano: Math.round(summary.cost_usd * NANO) }),
  };
}
