import type { Agent } from './draft/draft.js';

export type Limit = keyof Agent['limits'];

interface LimitField {
  label: string;
  unit?: string;
  description: string;
  min: number;
  max?: number;
  /** Whether the field may be empty, which means no limit. */
  optional?: true;
  decimals?: number;
}

/** The form field of every agent limit. A new limit does not compile until it is listed here. */
export const LIMIT_FIELDS: Record<Limit, LimitField> = {
  timeout_seconds: {
    label: 'Attempt time',
    unit: 's',
    description: 'Past it, the run ends with timeout.',
    min: 1,
    max: 3600,
  },
  model_timeout_seconds: {
    label: 'Model call time',
    unit: 's',
    description: 'Past it, the next fallback model is asked.',
    min: 1,
    max: 3600,
  },
  model_silence_seconds: {
    label: 'Silence of a model',
    unit: 's',
    description:
      'How long nothing may arrive from a model during a call. Empty: as long as the call may take.',
    min: 1,
    max: 3600,
    optional: true,
  },
  task_timeout_seconds: {
    label: 'Task time',
    unit: 's',
    description: 'For all attempts and waits together.',
    min: 1,
    max: 604_800,
    optional: true,
  },
  max_attempts: {
    label: 'Attempts',
    description: 'How often a run is tried if the provider fails temporarily.',
    min: 1,
    max: 20,
  },
  max_steps: { label: 'Steps', description: 'Turns that the model may take.', min: 1, max: 1_000 },
  max_output_tokens: {
    label: 'Tokens of one answer',
    description: 'Empty: the model decides.',
    min: 1,
    optional: true,
  },
  max_total_tokens: {
    label: 'Tokens of a run',
    description: 'Input and output of all turns.',
    min: 1,
    optional: true,
  },
  max_cost_usd: {
    label: 'Cost of a run',
    unit: 'USD',
    description: 'Only for models whose price is known.',
    min: 0,
    optional: true,
    decimals: 6,
  },
  rate_per_minute: {
    label: 'Runs per minute',
    description: 'Further requests get 429.',
    min: 1,
    max: 1_000_000,
    optional: true,
  },
  max_concurrency: {
    label: 'Runs at once',
    description: 'Across all workers. Further runs wait.',
    min: 1,
    max: 10_000,
    optional: true,
  },
  max_pending: {
    label: 'Waiting runs',
    description: 'Further requests get 429.',
    min: 1,
    max: 10_000_000,
  },
};
