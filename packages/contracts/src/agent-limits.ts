import { type Static, Type } from '@sinclair/typebox';

/** How long one call of a model may take by default. */
export const DEFAULT_MODEL_TIMEOUT_SECONDS = 120;

export const AgentLimits = Type.Object(
  {
    timeout_seconds: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 300,
      description: 'Wall time of one attempt. Past it, the task ends FAILURE `timeout`.',
    }),
    model_timeout_seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3600,
        default: DEFAULT_MODEL_TIMEOUT_SECONDS,
        description:
          'How long one call of a model may take. Past it, the next fallback model is asked; without one, the ' +
          'attempt fails with `model_unavailable`.',
      }),
    ),
    model_silence_seconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 3600 }), Type.Null()], {
        description:
          'How long nothing may arrive from a model during one call. Past it, the call has failed as with ' +
          '`model_timeout_seconds`, which bounds the whole call. Models that think without a sign need longer. ' +
          'null, the default: no limit.',
      }),
    ),
    task_timeout_seconds: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 604_800 }), Type.Null()], {
        description:
          'How long a task may take from its creation, with all its attempts and waits. Past it, the task ends ' +
          'FAILURE `timeout`. null, the default: no limit.',
      }),
    ),
    max_attempts: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 3,
      description: 'How many attempts a run gets when the model provider fails temporarily.',
    }),
    max_steps: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 12,
      description: 'How many turns the model may take. Past it, the task ends FAILURE `max_steps`.',
    }),
    max_output_tokens: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      default: null,
      description: 'Upper bound for the tokens of one model answer. null leaves it to the model.',
    }),
    max_total_tokens: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      default: null,
      description:
        'Input and output tokens of all turns. Once they are used up, the task ends FAILURE ' +
        '`budget_exhausted`.',
    }),
    max_cost_usd: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], {
      default: null,
      description: 'Cost of all turns. Applies only to models whose price is known.',
    }),
    rate_per_minute: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      description:
        "How many tasks the webhook may create per minute. After a pause, a full minute's worth may " +
        'come at once. Further requests get 429 `rate_limited`.',
    }),
    max_concurrency: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()], {
      default: null,
      description:
        "How many of the agent's tasks may run at once, across all workers. Further tasks wait " +
        'without holding a worker.',
    }),
    max_pending: Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      default: 10_000,
      description:
        "How many of the agent's events may wait to start. Further requests get 429 `too_many_pending`. Replays " +
        'and continuations do not count, and wait behind events.',
    }),
  },
  { additionalProperties: false },
);
export type AgentLimits = Static<typeof AgentLimits>;
