/** Counters are stored per hour, and per day once a day is over. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/**
 * How long hourly counters are kept, in seconds. Also the longest time that a task can be found by its
 * idempotency key.
 */
export const STATS_TTL_SECONDS = 35 * 86_400;

/** The hour of a time in ms, counted from the epoch. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

/** The day of a time in ms, counted from the epoch, in UTC. */
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);
