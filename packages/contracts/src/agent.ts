import { type Static, Type } from '@sinclair/typebox';
import { CallbackConfig, CallbackInfo, CallbackInput } from './callback.js';
import { PUBLIC_RESULTS, type PublicResult } from './public-result.js';
import { SignatureConfig } from './signature.js';
import { HEADER_NAME, Line, Name, Prose } from './text.js';
import { ToolConfig } from './tools/index.js';

export const AgentStatus = Type.Union([Type.Literal('active'), Type.Literal('disabled')], {
  description: 'A disabled agent keeps its webhook URL, which answers 403.',
});

/** How large an agent may be as a whole: its configuration as JSON, as it is stored, in bytes. */
export const MAX_AGENT_BYTES = 1024 * 1024;
/** A page of agents ends before it is larger than this, in bytes; one agent alone always fits. */
export const MAX_AGENT_PAGE_BYTES = 2 * MAX_AGENT_BYTES;
/** How many versions of an agent are kept, and how many bytes of them. Versions that open tasks name are kept beside. */
export const MAX_VERSIONS = 100;
export const MAX_VERSION_BYTES = 32 * 1024 * 1024;

/** How many tasks of an agent may wait, where it does not say. */
export const DEFAULT_MAX_PENDING = 10_000;

export const AgentLimits = Type.Object(
  {
    timeout_seconds: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 300,
      description: 'Wall time that one attempt may take; then the task ends FAILURE `timeout`.',
    }),
    max_attempts: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 3,
      description: 'How often a run is tried when the model provider fails in a passing way.',
    }),
    max_steps: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 12,
      description: 'How many turns the model may take; then the task ends FAILURE `max_steps`.',
    }),
    max_output_tokens: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      default: null,
      description: 'Upper bound for the tokens of one model answer; null leaves it to the model.',
    }),
    max_total_tokens: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      default: null,
      description:
        'Tokens of all turns, in and out; once they are used up the task ends FAILURE `budget_exhausted`.',
    }),
    max_cost_usd: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()], {
      default: null,
      description: 'Cost of all turns; only for models whose price is known.',
    }),
    rate_per_minute: Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000 }), Type.Null()], {
      default: null,
      description:
        'How many tasks its webhook may make in a minute, steadily; up to a whole minute of them at once after a ' +
        'pause. More are refused with 429 `rate_limited`.',
    }),
    max_concurrency: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()], {
      default: null,
      description:
        'How many of its tasks may run at once, on all workers together. More wait, and hold no worker.',
    }),
    max_pending: Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      default: DEFAULT_MAX_PENDING,
      description:
        'How many of its tasks may wait for their start. More are refused with 429 `too_many_pending`.',
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
    description: '`provider:model`, as in `openai:gpt-5-mini`. See GET /api/models.',
  }),
  fallback_models: Type.Array(Line({ maxLength: 200 }), {
    maxItems: 5,
    default: [],
    description: 'Tried in this order, within the same attempt, when the model fails.',
  }),
  system_prompt: Type.String({ maxLength: 100_000, default: '', description: 'LiquidJS template.' }),
  input_template: Type.String({
    maxLength: 100_000,
    default: '',
    description:
      'LiquidJS template of the user message; variables: payload, agent, task, now, headers. Empty: the payload as JSON.',
  }),
  tools: Type.Array(ToolConfig, {
    maxItems: 30,
    default: [],
    description: 'What the model may call. See GET /api/tools.',
  }),
  input_schema: Type.Union(
    [Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }), Type.Null()],
    {
      default: null,
      description:
        'JSON Schema (2020-12, 64 KiB at most) of the payload. What does not fit is refused with 422 ' +
        '`invalid_payload` and does not run. `format` is not checked.',
    },
  ),
  output_schema: Type.Union(
    [Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }), Type.Null()],
    {
      default: null,
      description: 'JSON Schema (2020-12, 64 KiB at most) that `result.output` then validates against.',
    },
  ),
  callback: Type.Union([CallbackConfig, Type.Null()], { default: null }),
  allow_get: Type.Boolean({
    default: false,
    description:
      'Whether GET runs the agent too, with the query string as the payload, for senders that can do nothing else. ' +
      'Leave it off where you can: chat programs, mail scanners, browsers and crawlers open links to preview or to ' +
      'check them, and each time would run the agent; and addresses with their query end up in logs and histories.',
  }),
  sandbox_tools: Type.Boolean({
    default: false,
    description:
      'Whether a payload that comes without an API key may script tool calls for `sandbox:echo`. Then whoever knows the ' +
      'webhook URL calls the agent’s tools with arguments of their choice, and can read what they return. Tests that ' +
      'are sent with an API key may script them anyway.',
  }),
  public_result: Type.Unsafe<PublicResult>({
    type: 'string',
    enum: [...PUBLIC_RESULTS],
    default: 'full',
    description:
      'What is shown of a run without an API key: by GET /api/task_status, in event streams and in callbacks. `full`: ' +
      'everything. `answer`: the answer, or the error, without tool calls, sources, thoughts and usage. `status`: status ' +
      'and times. A run keeps what the version says that it was triggered with.',
  }),
  signature: Type.Union([SignatureConfig, Type.Null()], {
    default: null,
    description:
      'How the sender signs what it sends. A request whose signature is missing, wrong or too old is refused with 401 ' +
      '`invalid_signature` before it is read, and leaves nothing behind. null: the URL alone is the credential.',
  }),
};

/** What one immutable version of an agent says; all that a run needs to know. */
export const AgentConfig = Type.Object({ ...config, limits: AgentLimits });
export type AgentConfig = Static<typeof AgentConfig>;

/** Body of POST and PUT: what is left out gets its default. */
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
    callback: Type.Optional(
      Type.Union([CallbackInput, Type.Null()], {
        default: null,
        description: 'Where the end of each task is posted to, signed per Standard Webhooks.',
      }),
    ),
    allow_get: Type.Optional(config.allow_get),
    sandbox_tools: Type.Optional(config.sandbox_tools),
    public_result: Type.Optional(config.public_result),
    signature: Type.Optional(config.signature),
    limits: Type.Optional(Type.Partial(AgentLimits, { additionalProperties: false })),
  },
  { $id: 'AgentInput', additionalProperties: false },
);
export type AgentInput = Static<typeof AgentInput>;

/** Body of PATCH: what is left out stays as it is. */
export const AgentPatch = Type.Partial(AgentInput, { $id: 'AgentPatch', additionalProperties: false });
export type AgentPatch = Static<typeof AgentPatch>;

const time = (description: string) => Type.String({ format: 'date-time', description });

export const WebhookInfo = Type.Object({
  token_hint: Type.String({ description: 'The last four characters of the token.' }),
  created_at: time('When this token was minted.'),
  last_used_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When the URL was last called, to within ten seconds.',
  }),
  previous_expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Until when the URL before the last rotation still works.',
  }),
});
export type WebhookInfo = Static<typeof WebhookInfo>;

const savedBy = Type.Union([Type.String(), Type.Null()], {
  description: 'The name of the API key that saved this version; null for versions from before it was kept.',
});

export const Agent = Type.Object(
  {
    id: Type.String(),
    ...AgentConfig.properties,
    callback: Type.Union([CallbackInfo, Type.Null()]),
    version: Type.Integer({ minimum: 1 }),
    saved_by: savedBy,
    created_at: time('When the agent was created.'),
    updated_at: time('When this version was saved.'),
    webhook: Type.Union([WebhookInfo, Type.Null()]),
  },
  { $id: 'Agent' },
);
export type Agent = Static<typeof Agent>;

export const AgentList = Type.Object({
  agents: Type.Array(Type.Ref('Agent')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page; null on the last page.',
  }),
});

export const AgentVersion = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: time('When it was saved.'),
    saved_by: savedBy,
    ...AgentConfig.properties,
  },
  { $id: 'AgentVersion' },
);
export type AgentVersion = Static<typeof AgentVersion>;

/** A version as it is listed: what it says is read by its number. */
export const AgentVersionSummary = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: time('When it was saved.'),
    saved_by: savedBy,
    bytes: Type.Integer({ description: 'The size of its configuration as it is stored.' }),
    changed: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description:
        'The fields that it changed; none where a save changed nothing. null for the first version, and for versions ' +
        'from before it was kept.',
    }),
  },
  { $id: 'AgentVersionSummary' },
);
export type AgentVersionSummary = Static<typeof AgentVersionSummary>;

export const AgentVersionList = Type.Object({
  versions: Type.Array(Type.Ref('AgentVersionSummary')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page; null on the last page.',
  }),
});

/** What a model would be sent: the agent's own words, or those of a draft, filled by a payload. */
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
        description: 'Names in lower case.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type PreviewBody = Static<typeof PreviewBody>;

export const PromptPreview = Type.Object(
  {
    system: Type.String({ description: 'The system prompt, with what AgentHook adds to it.' }),
    user: Type.String({ description: 'The first message.' }),
  },
  { $id: 'PromptPreview' },
);
export type PromptPreview = Static<typeof PromptPreview>;
