import { type Static, Type } from '@sinclair/typebox';
import { AgentLimits } from './agent-limits.js';
import { AgentBudget, BudgetInput } from './budget.js';
import { BurstConfig, BurstInput } from './burst.js';
import { CallbackConfig, CallbackInput } from './callback.js';
import { ConversationConfig, ConversationInput } from './conversation.js';
import { Destination, MAX_DESTINATIONS } from './destinations/index.js';
import { Breaker, IgnoredSenders, MAX_FILTER_CHARACTERS } from './filter.js';
import { Masks } from './masks.js';
import { ModelOptions } from './model-options.js';
import { Notified } from './notified.js';
import { PUBLIC_RESULTS } from './public-result.js';
import { AgentResponse, ResponseInput } from './response.js';
import { RESULT_SHAPES } from './result-shape.js';
import { Retention, RetentionInput } from './retention.js';
import { MAX_SCHEDULES, Schedule, ScheduleInput } from './schedule.js';
import { StringEnum } from './shapes.js';
import { SignatureConfig } from './signature/index.js';
import { Line, Name, Prose, TITLE_PATH } from './text.js';
import { ToolConfig } from './tools/index.js';

export const AgentStatus = Type.Union([Type.Literal('active'), Type.Literal('disabled')], {
  description: 'The webhook URL of a disabled agent answers 403.',
});

/** Upper bound for one agent's stored configuration, in bytes of JSON. */
export const MAX_AGENT_BYTES = 1024 * 1024;

/** How many tags an agent may have, and how long one may be. */
export const MAX_TAGS = 20;
export const MAX_TAG_CHARACTERS = 50;

const config = {
  name: Name({ maxLength: 200 }),
  description: Prose({ maxLength: 2000, default: '' }),
  status: AgentStatus,
  tags: Type.Array(Name({ maxLength: MAX_TAG_CHARACTERS }), {
    maxItems: MAX_TAGS,
    uniqueItems: true,
    default: [],
    description: 'Words by which lists of agents can be narrowed, for example a team or a customer.',
  }),
  model: Line({
    maxLength: 200,
    description: '`provider:model`, for example `openai:gpt-5-mini`. See GET /api/models.',
  }),
  fallback_models: Type.Array(Line({ maxLength: 200 }), {
    maxItems: 5,
    default: [],
    description: 'Tried in this order, within the same attempt, if the model fails.',
  }),
  model_options: Type.Union([ModelOptions, Type.Null()], {
    default: null,
    description: 'How the models are asked. null: with the defaults of their providers.',
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
      'gets 200 with `"filtered": true`, and no task is created. Checked before `input_schema`. If it has no ' +
      'value for an event, because a field is missing or it takes too long, the event runs, and its task ' +
      'has a `filter_error`.',
  }),
  ignore_senders: IgnoredSenders,
  breaker: Type.Union([Breaker, Type.Null()], {
    default: null,
    description:
      'Pauses the agent if it runs too often about the same thing, for example because it answers itself. While ' +
      'it is paused, events are stored and wait; tests, replays and accepted rejections run. It stays paused ' +
      'until POST /api/agents/{id}/resume.',
  }),
  callback: Type.Union([CallbackConfig, Type.Null()], { default: null }),
  notify: Notified(
    'The names of the notify channels that are told when a call needs approval or a question an answer. See ' +
      'GET /api/notify-channels.',
  ),
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
  destinations: Type.Array(Destination, {
    maxItems: MAX_DESTINATIONS,
    default: [],
    description:
      'Where the end of each task goes in addition to the callback: a Slack thread, a GitHub comment, an HTTP request, or ' +
      'another agent. Addresses are templates of the event, and never depend on the model.',
  }),
  title_path: Type.Union([Type.String({ pattern: TITLE_PATH, maxLength: 200 }), Type.Null()], {
    default: null,
    description:
      'What names a run in lists: the path of a value in the event, for example `payload.issue.title`, ' +
      '`payload.items[0].name` or `headers.x-github-event`.',
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
  model_options: Type.Optional(config.model_options),
  title_path: Type.Optional(config.title_path),
  destinations: Type.Optional(config.destinations),
  notify: Type.Optional(config.notify),
  budget: Type.Optional(AgentBudget),
  retention: Type.Optional(Retention),
  masks: Type.Optional(Masks),
  burst: Type.Union([BurstConfig, Type.Null()], {
    description: 'Which events become one run. null: every event has its own.',
  }),
  conversation: Type.Union([ConversationConfig, Type.Null()], {
    description: 'Which events continue one conversation. null: every event runs alone.',
  }),
  response: Type.Union([AgentResponse, Type.Null()], {
    description: 'The answer to the sender once its event is stored. null: the default answer.',
  }),
  schedules: Type.Array(Schedule, {
    maxItems: MAX_SCHEDULES,
    default: [],
    description: 'When the agent runs by itself. See GET /api/agents/{id}/schedules.',
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
    tags: Type.Optional(config.tags),
    model: Type.Optional(config.model),
    fallback_models: Type.Optional(config.fallback_models),
    model_options: Type.Optional(config.model_options),
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
    notify: Type.Optional(config.notify),
    allow_get: Type.Optional(config.allow_get),
    allow_empty_body: Type.Optional(config.allow_empty_body),
    sandbox_tools: Type.Optional(config.sandbox_tools),
    public_result: Type.Optional(config.public_result),
    result_shape: Type.Optional(config.result_shape),
    budget: Type.Optional(BudgetInput),
    retention: Type.Optional(RetentionInput),
    masks: Type.Optional(Masks),
    burst: Type.Optional(BurstInput),
    conversation: Type.Optional(ConversationInput),
    response: Type.Optional(ResponseInput),
    title_path: Type.Optional(config.title_path),
    destinations: Type.Optional(config.destinations),
    signature: Type.Optional(config.signature),
    schedules: Type.Optional(
      Type.Array(ScheduleInput, {
        maxItems: MAX_SCHEDULES,
        default: [],
        description: 'When the agent runs by itself, without an event. Times are those of Redis.',
      }),
    ),
    limits: Type.Optional(Type.Partial(AgentLimits, { additionalProperties: false })),
  },
  { $id: 'AgentInput', additionalProperties: false },
);
export type AgentInput = Static<typeof AgentInput>;

/** Body of PATCH. Missing fields stay unchanged. */
export const AgentPatch = Type.Partial(AgentInput, { $id: 'AgentPatch', additionalProperties: false });
export type AgentPatch = Static<typeof AgentPatch>;
