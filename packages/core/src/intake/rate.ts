/** How many tasks an agent takes a minute, how many of those are left now, and in how many ms the next is free (0: now). */
export interface Rate {
  perMinute: number;
  left: number;
  waitMs: number;
}

export const MINUTE_MS = 60_000;
