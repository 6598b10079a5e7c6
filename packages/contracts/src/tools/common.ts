import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { approvalFields } from '../approval.js';
import { HEADER_NAME, Prose } from '../text.js';

/**
 * The longest tool name that model providers accept, in characters:
 * https://platform.openai.com/docs/api-reference/chat/create
 */
export const MAX_TOOL_NAME = 64;
/**
 * How many functions a request to a model may offer:
 * https://platform.openai.com/docs/api-reference/chat/create, `tools`.
 */
export const MAX_MODEL_TOOLS = 128;
/** The form of a tool's name. */
const TOOL_NAME = `^[a-zA-Z][a-zA-Z0-9_-]{0,${MAX_TOOL_NAME - 1}}$`;

/** The name by which the model calls a tool. Unique within an agent. */
const ToolName = Type.String({ pattern: TOOL_NAME });

/**
 * A tool's secrets. Write-only: stored encrypted and shown as `true`. Send `true` to keep the stored value.
 * The model never sees them.
 */
export const ToolSecrets = Type.Record(
  Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' }),
  Type.Union([Type.String({ minLength: 1, maxLength: 10_000 }), Type.Literal(true)]),
  {
    maxProperties: 50,
    additionalProperties: false,
    description: 'Write-only. Shown as `true`; send `true` to keep what is stored.',
  },
);
export type ToolSecrets = Static<typeof ToolSecrets>;

/**
 * The default of `repeat_safe` for a type of tool, or a sentence if it depends on the tool or cannot be
 * changed.
 */
export type RepeatSafe = boolean | string;

const repeatSafe = (preset: RepeatSafe) =>
  Type.Boolean({
    ...(typeof preset === 'boolean' && { default: preset }),
    description:
      'Whether a call that was interrupted by a crash may be repeated. If not, the model learns that ' +
      `the outcome is unknown.${typeof preset === 'string' ? ` ${preset}` : ''}`,
  });

/** How many characters of JSON of one result a model receives, unless its tool sets another limit. */
export const MAX_RESULT_CHARACTERS = 110_000;
/** How long one call may take, in seconds, unless its tool sets another limit. */
export const CALL_TIMEOUT_SECONDS = 120;

const callLimits = {
  max_calls: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000,
      description:
        'How often the model may call it in one task, retries included. Further calls are not made, and ' +
        'the model is told. Default: no limit.',
    }),
  ),
  timeout_seconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3_600,
      description: `How long one call may take. Default: what its type allows, at most ${CALL_TIMEOUT_SECONDS}.`,
    }),
  ),
  max_result_characters: Type.Optional(
    Type.Integer({
      minimum: 500,
      maximum: 200_000,
      description:
        'How many characters of one result the model receives. Default: what its type allows, at most ' +
        `${MAX_RESULT_CHARACTERS}.`,
    }),
  ),
};

const common = {
  name: ToolName,
  description: Type.Optional(
    Prose({
      maxLength: 2_000,
      description: 'Tells the model what the tool does and when to use it.',
    }),
  ),
  secrets: Type.Optional(ToolSecrets),
};

/** The schema of one tool type: the common fields, its default of `repeat_safe`, and its own fields. */
export const toolSchema = <const T extends string, P extends TProperties>(
  type: T,
  title: string,
  description: string,
  repeats: RepeatSafe,
  own: P,
) =>
  Type.Object(
    {
      type: Type.Literal(type),
      ...common,
      repeat_safe: Type.Optional(repeatSafe(repeats)),
      ...callLimits,
      ...approvalFields,
      ...own,
    },
    { title, description, additionalProperties: false },
  );

/** Of tools whose functions a server or a description defines. */
export const Optional = Type.Optional(
  Type.Boolean({
    default: false,
    description:
      'Whether a run continues without it if it cannot be opened. The notes of the run then say so. By default ' +
      'the attempt fails.',
  }),
);

/** A JSON Schema (2020-12) as a value. */
export const JsonSchema = (description: string) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description });

export const HttpUrl = (description: string) =>
  Type.String({ pattern: '^https?://', maxLength: 4_000, description });

/** How a tool gets its access tokens, RFC 6749. */
export const OAuth = Type.Object(
  {
    token_url: HttpUrl('The token endpoint.'),
    client_id: Type.String({ minLength: 1, maxLength: 1_000 }),
    grant: Type.Optional(
      Type.Union([Type.Literal('client_credentials'), Type.Literal('refresh_token')], {
        default: 'client_credentials',
        description:
          '`client_credentials` needs `secrets.client_secret`; `refresh_token` needs `secrets.refresh_token`, and ' +
          '`secrets.client_secret` if the client has one.',
      }),
    ),
    scope: Type.Optional(Type.String({ maxLength: 2_000, description: 'Scopes, separated by spaces.' })),
    audience: Type.Optional(Type.String({ maxLength: 2_000 })),
    client_authentication: Type.Optional(
      Type.Union([Type.Literal('header'), Type.Literal('body')], {
        default: 'header',
        description: 'Where the client id and secret are sent: HTTP Basic, or fields of the form.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description:
      'Sends `Authorization: Bearer …` with each request, with an OAuth 2 access token that is fetched from ' +
      '`token_url`. A request that is answered with 401 is sent once more with a new token.',
  },
);
export type OAuth = Static<typeof OAuth>;

/** A host name or address without a port, or `*.` followed by a name. */
export const HostPattern = Type.String({
  pattern: '^(\\*\\.)?[^\\s*/?#@:\\[\\]]+$|^\\[[0-9A-Fa-f:.]+\\]$',
  minLength: 1,
  maxLength: 253,
});

export const Headers = (description: string) =>
  Type.Record(Type.String({ pattern: HEADER_NAME }), Type.String({ maxLength: 4_000 }), {
    maxProperties: 50,
    additionalProperties: false,
    description,
  });
