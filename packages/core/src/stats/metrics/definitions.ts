/** Label values that outsiders or people choose, of which Redis keeps so many; further ones are `other`. */
export const MOST_VALUES = { agent: 50, model: 50, tool: 100 } as const;
export const OTHER = 'other';

/** How many fields the counters of all processes have at most. What would be beyond counts as `other`. */
export const MOST_FIELDS = 20_000;

/** What a metric's numbers are stored as, so that they are integers in Redis, and their sums exact. */
const UNITS = { one: 1, seconds: 1e6, dollars: 1e9 } as const;

interface Definition {
  type: 'counter' | 'histogram';
  help: string;
  /** The first may be one of MOST_VALUES; only that one is bounded. */
  labels: readonly string[];
  unit?: keyof typeof UNITS;
  /** Upper bounds of a histogram, in seconds. */
  buckets?: readonly number[];
}

const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30];
const CALLS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
const RUNS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800];
const WAITS = [0.01, 0.1, 1, 5, 30, 120, 600, 3_600];

/** What processes count. The names get the prefix `agenthook_`. */
export const METRICS = {
  run_duration_seconds: {
    type: 'histogram',
    help: 'From the first start of a task to its end. `code` is `ok`, or the failure code.',
    labels: ['agent', 'code'],
    unit: 'seconds',
    buckets: RUNS,
  },
  wait_duration_seconds: {
    type: 'histogram',
    help: 'From storing a task to its first start.',
    labels: ['agent'],
    unit: 'seconds',
    buckets: WAITS,
  },
  step_duration_seconds: {
    type: 'histogram',
    help: 'A turn of the model and its tool calls. `code` is `ok`, or `tool_failed` if a call failed.',
    labels: ['agent', 'code'],
    unit: 'seconds',
    buckets: CALLS,
  },
  model_duration_seconds: {
    type: 'histogram',
    help: 'Finished turns of a model.',
    labels: ['model'],
    unit: 'seconds',
    buckets: CALLS,
  },
  model_tokens_total: {
    type: 'counter',
    help: 'Tokens. `cached` and `written` are parts of `input`, `reasoning` is a part of `output`.',
    labels: ['model', 'type'],
  },
  model_cost_dollars_total: {
    type: 'counter',
    help: 'Cost, as far as prices are known.',
    labels: ['model'],
    unit: 'dollars',
  },
  tool_duration_seconds: {
    type: 'histogram',
    help: 'Tool calls. `outcome` is `ok` or `error`.',
    labels: ['tool', 'outcome'],
    unit: 'seconds',
    buckets: CALLS,
  },
  attempt_failures_total: {
    type: 'counter',
    help: 'Failed attempts. `retry` says whether another attempt followed.',
    labels: ['agent', 'code', 'retry'],
  },
  parks_total: { type: 'counter', help: 'How often tasks gave their slot back to wait.', labels: ['reason'] },
  stalls_total: { type: 'counter', help: 'Running tasks whose worker died or lost the lock.', labels: [] },
  callback_attempts_total: {
    type: 'counter',
    help: 'Requests to receivers of callbacks. `outcome` is `delivered`, `pending` (tried again) or `failed`.',
    labels: ['outcome'],
  },
  callback_disabled_total: { type: 'counter', help: 'Callbacks that were disabled.', labels: [] },
  refused_total: { type: 'counter', help: 'Refused requests to known webhooks.', labels: ['code'] },
  filtered_total: { type: 'counter', help: 'Events that did not run.', labels: ['reason'] },
  http_requests_total: {
    type: 'counter',
    help: 'Answers of the api. Routes are patterns.',
    labels: ['method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time until an answer of the api.',
    labels: ['route'],
    unit: 'seconds',
    buckets: FAST,
  },
} as const satisfies Record<string, Definition>;

export type MetricName = keyof typeof METRICS;
type Texts<Names extends readonly string[]> = { readonly [Nth in keyof Names]: string };
/** The values of a metric's labels, in their order. */
export type LabelsOf<Name extends MetricName> = Texts<(typeof METRICS)[Name]['labels']>;

export const definitionOf = (name: MetricName): Definition => METRICS[name];

/** How many stored units one of a metric's has. */
export const unitOf = (name: MetricName): number => UNITS[definitionOf(name).unit ?? 'one'];

/** What Redis bounds of a metric's first label; '' for nothing. */
export const boundOf = (name: MetricName): keyof typeof MOST_VALUES | '' => {
  const [first = ''] = definitionOf(name).labels;
  return first in MOST_VALUES ? (first as keyof typeof MOST_VALUES) : '';
};
