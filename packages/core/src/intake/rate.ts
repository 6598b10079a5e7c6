/**
 * An agent's rate: tasks per minute, how many are left now, and the wait in ms until the next one (0: none).
 */
export interface Rate {
  perMinute: number;
  left: number;
  waitMs: number;
}

export const MINUTE_MS = 60_000;
