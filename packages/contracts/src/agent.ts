import { type Static, Type } from '@sinclair/typebox';
import { CallbackConfig, CallbackInfo, CallbackInput } from './callback.js';
import { type AgentPause, Breaker, IgnoredSenders, MAX_FILTER_CHARACTERS } from './filter.js';
import { PUBLIC_RESULTS } from './public-result.js';
import { AgentResponse, ResponseInput } from './response.js';
import { RESULT_SHAPES } from './result-shape.js';
import { RefTo, StringEnum, Time } from './shapes.js';
import { SignatureConfig } from './signature/index.js';
import { HEADER_NAME, Line, Name, Prose } from './text.js';
import { ToolConfig } from './tools/index.js';
import { Query } from './webhook.js';

export const AgentStatus = Type.Union([Type.Literal('active'), Type.Literal('disabled')], {
  description: 'The webhook URL of a disabled agent answers 403.',
});

/** Upper bound for one agent's stored configuration, in bytes of JSON. */
export const MAX_AGENT_BYTES = 1024 * 1024;
/** Upper bound for one page of agents, in bytes. A single agent always fits. */
export const MAX_AGENT_PAGE_BYTES = 2 * MAX_AGENT_BYTES;
/**
 * How many versions of an agent are kept, and their total size. Versions that open tasks use are kept in
 * addition.
 */
export const MAX_VERSIONS = 100;
export const MAX_VERSION_BYTES = 32 * 1024 * 1024;

/** How long one call of a model may take by default. */
export const DEFAULT_MODEL_TIMEOUT_SECONDS = 120;

/** Default for how many tasks of one agent may wait. */
export const DEFAULT_MAX_PENDING = 10_000;

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
    max_attempts: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 3,
      description: 'How many attempts a run gets when the model provider fails temporarily.',
    }),
    max_steps: Type.Integer({
      minimum: 1,
      maximum: 100,
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
      default: DEFAULT_MAX_PENDING,
      description:
        "How many of the agent's tasks may wait to start. Further requests get 429 `too_many_pending`.",
    }),
  },
  { additionalProperties: false },
);
export type AgentLimits = Static<typeof AgentLimits>;

const config = {
  name: Name({ maxLength: 200 }),
  description: Prose({ maxLength: 2000, default: '' }),
  status: AgentStatus,
  model: Line({
    maxLength: 200,
    description: '`provider:model`, for example `openai:gpt-5-mini`. See GET /api/models.',
  }),
  fallback_models: Type.Array(Line({ maxLength: 200 }), {
    maxItems: 5,
    default: [],
    description: 'Tried in this order, within the same attempt, if the model fails.',
  }),
  system_prompt: Type.String({ maxLength: 100_000, default: '', description: 'LiquidJS template.' }),
  input_template: Type.String({
    maxLength: 100_000,
    default: '',
    description:
      'LiquidJS template of the user message. Variables: payload, headers, query, agent, task, now. If ' +
      'empty, the message is the payload as JSON.',
  }),
  tools: Type.Array(ToolConfig, {
    maxItems: 30,
    default: [],
    description: 'The tools that the model may call. See GET /api/tools.',
  }),
  input_schema: Type.Union(
    [Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }), Type.Null()],
    {
      default: null,
      description:
        'JSON Schema (2020-12, at most 64 KiB) for the payload. A payload that does not match gets ' +
        '422 `invalid_payload` and does not run. `format` is not checked.',
    },
  ),
  output_schema: Type.Union(
    [Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }), Type.Null()],
    {
      default: null,
      description: 'JSON Schema (2020-12, at most 64 KiB) that `result.output` must match.',
    },
  ),
  filter: Type.Union([Type.String({ minLength: 1, maxLength: MAX_FILTER_CHARACTERS }), Type.Null()], {
    default: null,
    description:
      'Which events run, as a CEL expression over `payload`, `headers` and `query`, for example ' +
      '`headers["x-github-event"] == "issues" && payload.action == "opened"`. If it is false, the sender ' +
      'gets 200 with `"filtered": true`, and no task is created. Comes before `input_schema`. If it has no ' +
      'value for an event, because a field is missing or it takes too long, the event runs, and its task ' +
      'has a `filter_error`.',
  }),
  ignore_senders: IgnoredSenders,
  breaker: Type.Union([Breaker, Type.Null()], {
    default: null,
    description:
      'Pauses the agent if it runs too often about the same thing, as one does that answers itself. While it ' +
      'is paused, events are stored and wait; tests, replays and accepted rejections run. It stays paused ' +
      'until POST /api/agents/{id}/resume.',
  }),
  callback: Type.Union([CallbackConfig, Type.Null()], { default: null }),
  allow_get: Type.Boolean({
    default: false,
    description:
      'Whether GET also runs the agent, with the query string as the payload, for senders that cannot ' +
      'send anything else. Leave it off if you can: chat programs, mail scanners, browsers and ' +
      'crawlers open links to preview or check them, and each visit would run the agent. URLs and ' +
      'their query strings also end up in logs and histories.',
  }),
  allow_empty_body: Type.Boolean({
    default: false,
    description:
      'Whether a POST without a body runs the agent, with `{}` as the payload, for senders whose event is in ' +
      'the headers or the query string.',
  }),
  sandbox_tools: Type.Boolean({
    default: false,
    description:
      'Whether a payload sent without an API key may script tool calls for `sandbox:echo`. If so, ' +
      'anyone who knows the webhook URL can call the agent’s tools with any arguments and read what ' +
      'they return. Tests sent with an API key may always script tool calls.',
  }),
  public_result: StringEnum(PUBLIC_RESULTS, {
    default: 'full',
    description:
      'How much of a run is visible without an API key: in GET /api/task_status, event streams and ' +
      'callbacks. `full`: everything. `answer`: the answer or error, without tool calls, sources, ' +
      'thoughts and usage. `status`: status and times. A run keeps the setting of the version it was ' +
      'triggered with.',
  }),
  result_shape: StringEnum(RESULT_SHAPES, {
    default: 'flat',
    description:
      'How results are written for callers without an API key: in GET /api/task_status, event streams, ' +
      'callbacks and answers to `Prefer: wait`. `docsgpt`: as DocsGPT writes them, for its clients. A run ' +
      'keeps the setting of the version it was triggered with.',
  }),
  signature: Type.Union([SignatureConfig, Type.Null()], {
    default: null,
    description:
      'How the webhook verifies its sender. A request whose signature is missing, wrong or too old ' +
      'gets 401 `invalid_signature` and creates no task; it is kept as a rejection. null: the URL is ' +
      'the only credential.',
  }),
};

/** The content of one immutable version of an agent: everything that a run needs. */
export const AgentConfig = Type.Object({
  ...config,
  response: Type.Union([AgentResponse, Type.Null()], {
    description: 'What the sender is answered once its event is stored. null: the default answer.',
  }),
  limits: AgentLimits,
});
export type AgentConfig = Static<typeof AgentConfig>;

/** Body of POST and PUT. Missing fields get their defaults. */
export const AgentInput = Type.Object(
  {
    name: config.name,
    description: Type.Optional(config.description),
    status: Type.Optional(AgentStatus),
    model: Type.Optional(config.model),
    fallback_models: Type.Optional(config.fallback_models),
    system_prompt: Type.Optional(config.system_prompt),
    input_template: Type.Optional(config.input_template),
    tools: Type.Optional(config.tools),
    input_schema: Type.Optional(config.input_schema),
    output_schema: Type.Optional(config.output_schema),
    filter: Type.Optional(config.filter),
    ignore_senders: Type.Optional(config.ignore_senders),
    breaker: Type.Optional(config.breaker),
    callback: Type.Optional(
      Type.Union([CallbackInput, Type.Null()], {
        default: null,
        description: 'The URL that receives the end of each task, signed per Standard Webhooks.',
      }),
    ),
    allow_get: Type.Optional(config.allow_get),
    allow_empty_body: Type.Optional(config.allow_empty_body),
    sandbox_tools: Type.Optional(config.sandbox_tools),
    public_result: Type.Optional(config.public_result),
    result_shape: Type.Optional(config.result_shape),
    response: Type.Optional(ResponseInput),
    signature: Type.Optional(config.signature),
    limits: Type.Optional(Type.Partial(AgentLimits, { additionalProperties: false })),
  },
  { $id: 'AgentInput', additionalProperties: false },
);
export type AgentInput = Static<typeof AgentInput>;

/** Body of PATCH. Missing fields stay unchanged. */
export const AgentPatch = Type.Partial(AgentInput, { $id: 'AgentPatch', additionalProperties: false });
export type AgentPatch = Static<typeof AgentPatch>;

export const WebhookInfo = Type.Object({
  token_hint: Type.String({ description: 'The last four characters of the token.' }),
  created_at: Time('When this token was created.'),
  last_used_at: Type.Union([Time(), Type.Null()], {
    description: 'When the URL was last called, accurate to ten seconds.',
  }),
  previous_expires_at: Type.Union([Time(), Type.Null()], {
    description: 'When the URL from before the last rotation stops working.',
  }),
});
export type WebhookInfo = Static<typeof WebhookInfo>;

const savedBy = Type.Union([Type.String(), Type.Null()], {
  description: 'The name of the API key that saved this version. null for versions that predate this record.',
});

export const Agent = Type.Object(
  {
    id: Type.String(),
    ...AgentConfig.properties,
    callback: Type.Union([CallbackInfo, Type.Null()]),
    version: Type.Integer({ minimum: 1 }),
    saved_by: savedBy,
    created_at: Time('When the agent was created.'),
    updated_at: Time('When this version was saved.'),
    webhook: Type.Union([WebhookInfo, Type.Null()]),
    paused: Type.Union([RefTo<AgentPause>('AgentPause'), Type.Null()], {
      description: 'null unless the agent’s `breaker` has paused it.',
    }),
  },
  { $id: 'Agent' },
);
export type Agent = Static<typeof Agent>;

export const AgentList = Type.Object({
  agents: Type.Array(Type.Ref('Agent')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});

export const AgentVersion = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: Time('When the version was saved.'),
    saved_by: savedBy,
    ...AgentConfig.properties,
  },
  { $id: 'AgentVersion' },
);
export type AgentVersion = Static<typeof AgentVersion>;

/** A version as lists show it. Its configuration is read by number. */
export const AgentVersionSummary = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: Time('When the version was saved.'),
    saved_by: savedBy,
    bytes: Type.Integer({ description: 'Size of the stored configuration.' }),
    changed: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description:
        'The fields that this version changed; empty if the save changed nothing. null for the first ' +
        'version and for versions that predate this record.',
    }),
  },
  { $id: 'AgentVersionSummary' },
);
export type AgentVersionSummary = Static<typeof AgentVersionSummary>;

export const AgentVersionList = Type.Object({
  versions: Type.Array(Type.Ref('AgentVersionSummary')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});

/** What the model would receive: the prompts of the agent, or of a draft, rendered with a payload. */
export const PreviewBody = Type.Object(
  {
    name: Type.Optional(config.name),
    description: Type.Optional(config.description),
    system_prompt: Type.Optional(config.system_prompt),
    input_template: Type.Optional(config.input_template),
    output_schema: Type.Optional(config.output_schema),
    payload: Type.Unknown({ description: 'Any JSON value, as a sender would post it.' }),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: HEADER_NAME }), Type.String({ maxLength: 4_000 }), {
        maxProperties: 100,
        additionalProperties: false,
        default: {},
        description: 'Header names are in lower case.',
      }),
    ),
    query: Type.Optional(
      Type.Unsafe<Query>({ ...Query, default: {}, description: 'The query string, parsed.' }),
    ),
  },
  { additionalProperties: false },
);
export type PreviewBody = Static<typeof PreviewBody>;

export const PromptPreview = Type.Object(
  {
    system: Type.String({ description: 'The system prompt, including what AgentHook adds to it.' }),
    user: Type.String({ description: 'The first user message.' }),
  },
  { $id: 'PromptPreview' },
);
export type PromptPreview = Static<typeof PromptPreview>;
