import type { EndedTask } from '../queue/ended-task.js';

/** Costs are counted in billionths of a dollar: whole numbers, which add up exactly. */
export const NANO = 1e9;

/** Each bucket of durations is this much wider than the one before, so a percentile is right to within 5 %. */
const GROWTH = 1.1;

/** The bucket that a duration, in ms, falls into. */
const bucketOf = (ms: number): number => Math.round(Math.log(Math.max(1, ms)) / Math.log(GROWTH));

/** The duration, in ms, that a bucket stands for. */
export const durationOf = (bucket: number): number => Math.round(GROWTH ** bucket);

/** Fields of durations in an hour's counters: `d` and the number of the bucket. */
export const DURATION_FIELD = /^d(\d+)$/;

/** What an ended task adds to the counters of its agent and hour. */
export function countersOf({ status, duration_ms, summary }: EndedTask): Record<string, number> {
  return {
    [status === 'SUCCESS' ? 'succeeded' : 'failed']: 1,
    ...(duration_ms !== null && { [`d${bucketOf(duration_ms)}`]: 1 }),
    ...(summary.input_tokens > 0 && { input_tokens: summary.input_tokens }),
    ...(summary.output_tokens > 0 && { output_tokens: summary.output_tokens }),
    ...(summary.cost_usd !== null && { cost_nano: Math.round(summary.cost_usd * NANO) }),
  };
}
