/** Over how long an agent's breaker counts runs, in ms. */
export const BREAKER_MS = 60_000;

/** The fields of the hash that says that an agent is paused. */
export const PAUSE = {
  /** Since when, in ms. */
  at: 'at',
  /** How many runs a minute its breaker allows. */
  max: 'max',
  /** The task that exceeded the limit. */
  task: 'task',
} as const;
