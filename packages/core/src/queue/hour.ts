/** Counters are stored per hour. */
export const HOUR_MS = 3_600_000;

/**
 * How long hourly counters are kept, in seconds. Also the longest time that a task can be found by its
 * idempotency key.
 */
export const STATS_TTL_SECONDS = 35 * 86_400;

/** The hour of a time in ms, counted from the epoch. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);
