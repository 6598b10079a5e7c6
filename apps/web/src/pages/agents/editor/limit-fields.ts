import type { Agent } from './draft/draft.js';

export type Limit = keyof Agent['limits'];

interface LimitField {
  label: string;
  unit?: string;
  description: string;
  min: number;
  max?: number;
  /** Whether it may be empty: no limit. */
  optional?: true;
  decimals?: number;
}

/** Every limit of an agent as the page asks for it. One that the api adds does not compile until it is named here. */
export const LIMIT_FIELDS: Record<Limit, LimitField> = {
  timeout_seconds: {
    label: 'Attempt time',
    unit: 's',
    description: 'Then the run ends with timeout.',
    min: 1,
    max: 3600,
  },
  max_attempts: {
    label: 'Attempts',
    description: 'Where a provider fails in a passing way.',
    min: 1,
    max: 20,
  },
  max_steps: { label: 'Steps', description: 'Turns that the model may take.', min: 1, max: 100 },
  max_output_tokens: {
    label: 'Tokens of one answer',
    description: 'Empty: left to the model.',
    min: 1,
    optional: true,
  },
  max_total_tokens: {
    label: 'Tokens of a run',
    description: 'All turns, in and out.',
    min: 1,
    optional: true,
  },
  max_cost_usd: {
    label: 'Cost of a run',
    unit: 'USD',
    description: 'For models whose price is known.',
    min: 0,
    optional: true,
    decimals: 6,
  },
  rate_per_minute: {
    label: 'Runs a minute',
    description: 'More are refused with 429.',
    min: 1,
    max: 1_000_000,
    optional: true,
  },
  max_concurrency: {
    label: 'Runs at once',
    description: 'On all workers together. More wait.',
    min: 1,
    max: 10_000,
    optional: true,
  },
  max_pending: {
    label: 'Runs that may wait',
    description: 'More are refused with 429.',
    min: 1,
    max: 10_000_000,
  },
};
