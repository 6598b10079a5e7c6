/** Counters are kept by the hour. */
export const HOUR_MS = 3_600_000;

/** How long an hour's counters are kept, in seconds; and for how long, at most, a task is found by its idempotency key. */
export const STATS_TTL_SECONDS = 35 * 86_400;

/** The hour that a time, in ms, falls into, counted from the epoch. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);
