import type { BudgetLimit } from '@agenthook/contracts';

/** What is spent is counted in billionths of a dollar, as integers, so that sums are exact. */
export const NANO_USD = 1_000_000_000;

/**
 * The fields of a hash that counts what an agent, or the installation, spends. A counter holds only for the
 * day or month (UTC) beside it.
 */
export const SPEND = {
  /** Days since the epoch. */
  day: 'day',
  dayTokens: 'day_tokens',
  dayNano: 'day_nano',
  /** Turns of the day whose price is unknown. */
  dayUnpriced: 'day_unpriced',
  /** Months since the year 0. */
  month: 'month',
  monthNano: 'month_nano',
  /** What open turns have reserved, of whatever day. */
  heldTokens: 'held_tokens',
  heldNano: 'held_nano',
  /** '1' once it holds what was spent before its budget was set. */
  begun: 'begun',
} as const;

/**
 * Followed by the name of a limit: up to which level it was told that it is used up, as
 * `<day or month>:<level>:<limit>:<ms>`.
 */
export const TOLD = 'told_';

/** The names of the limits, as Lua reads them from a budget's JSON. */
export const LIMIT: { dayTokens: BudgetLimit; dayUsd: BudgetLimit; monthUsd: BudgetLimit } = {
  dayTokens: 'per_day_tokens',
  dayUsd: 'per_day_usd',
  monthUsd: 'per_month_usd',
};

export const DAY_MS = 86_400_000;

/** How long a task waits for what other runs have reserved, in ms, once it has waited for a moment. */
export const BUSY_MS = 10_000;
