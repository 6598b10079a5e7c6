import { type Static, Type } from '@sinclair/typebox';
import { AgentId } from './ids.js';
import { StringEnum } from './shapes.js';
import { JsonSchema } from './tools/common.js';
import { TOOL_SCHEMAS, type ToolConfig, ToolSecrets } from './tools/index.js';

/** How long a save may be delayed by the check of its tools, in ms. */
export const SAVE_CHECK_MS = 3_000;
/** How long POST /api/tools/check may take, in ms. */
export const TOOL_CHECK_MS = 20_000;

/** What may not work in an agent. */
export const WARNING_CODES = [
  'provider_not_configured',
  'unknown_price',
  'agents_too_deep',
  'files_not_masked',
  'unknown_timezone',
  'invalid_tool',
  'tool_unavailable',
  'unknown_operation',
  'duplicate_operation',
  'operation_not_supported',
  'unknown_tool',
  'schema_not_supported',
  'too_many_tools',
  'not_checked',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

const path = (of: string) =>
  Type.String({
    description: `JSON Pointer (RFC 6901) to the value in ${of}; empty if it concerns all of it.`,
  });

const warningIn = (of: string) => ({
  path: path(of),
  code: StringEnum(WARNING_CODES, {
    description:
      '`provider_not_configured`: no live worker can call the provider of the model. `unknown_price`: its runs ' +
      'have no `cost_usd`. `agents_too_deep`: agents that tools call would call each other deeper than a run ' +
      'may. `files_not_masked`: `masks` leave files of events as they are. `unknown_timezone`: the time zone of a ' +
      'saved schedule is no longer known, so the schedule runs in UTC. `invalid_tool`: a save would be refused for ' +
      'it; POST /api/tools/check alone reports it. `tool_unavailable`: the server or the ' +
      'description of a tool could not be read. `unknown_operation`, `duplicate_operation`, ' +
      '`operation_not_supported`: an OpenAPI description lacks the operation, has several with that id, or has ' +
      'one that cannot be called. `unknown_tool`: an MCP server does not list the tool. ' +
      '`schema_not_supported`: providers refuse the schema of a tool. `too_many_tools`: a model accepts fewer. ' +
      '`not_checked`: no worker checked it in time.',
  }),
  detail: Type.String({ description: 'What was found and what to do about it.' }),
});

export const AgentWarning = Type.Object(warningIn('the agent'), {
  $id: 'AgentWarning',
  description: 'Something in a saved agent that may not work. It does not prevent the save.',
});
export type AgentWarning = Static<typeof AgentWarning>;

/** The tool types as a check accepts them: without a choice of operations, to see what there is. */
const CHECKED_SCHEMAS = Object.values({
  ...TOOL_SCHEMAS,
  openapi: Type.Object(
    {
      ...TOOL_SCHEMAS.openapi.properties,
      operations: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 50 })),
    },
    { additionalProperties: false },
  ),
}).map((schema) => ({ ...schema, required: schema.required?.filter((name) => name !== 'name') ?? [] }));

/** Body of POST /api/tools/check. */
export const ToolCheckBody = Type.Object(
  {
    tool: Type.Unsafe<Omit<ToolConfig, 'name'> & { name?: string }>({
      type: 'object',
      required: ['type'],
      discriminator: { propertyName: 'type' },
      oneOf: CHECKED_SCHEMAS,
      description:
        'The configuration of a tool, as in `tools` of an agent. `name` may be missing, and `operations`, which ' +
        'then lists all.',
    }),
    model: Type.Optional(
      Type.String({ maxLength: 200, description: '`provider:model`. Also checks whether it can be called.' }),
    ),
    secrets: Type.Optional(
      Type.Unsafe<ToolSecrets>({ ...ToolSecrets, description: 'Added to the secrets of the tool.' }),
    ),
    agent_id: Type.Optional(
      AgentId('The agent whose stored secrets are used where a secret of the tool is `true`.'),
    ),
  },
  { $id: 'ToolCheckBody', additionalProperties: false },
);
export type ToolCheckBody = Static<typeof ToolCheckBody>;

/** One function that a tool can offer to the model. */
export const CheckedTool = Type.Object({
  name: Type.String({
    description:
      'As `operations` or `allowed_tools` choose it: the operationId or `METHOD /path`, or the name on the server.',
  }),
  description: Type.String(),
  input_schema: JsonSchema('JSON Schema of the arguments; `{}` if the list would become too long with it.'),
  chosen: Type.Boolean({ description: 'Whether the configuration offers it to the model.' }),
});
export type CheckedTool = Static<typeof CheckedTool>;

export const ToolCheck = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether there are no problems.' }),
    problems: Type.Array(Type.Object(warningIn('the body’s `tool`'))),
    tools: Type.Array(CheckedTool, { description: 'What the tool offers, or could offer.' }),
  },
  { $id: 'ToolCheck' },
);
export type ToolCheck = Static<typeof ToolCheck>;

/** What a worker is asked to check. */
export interface ToolsToCheck {
  agent: { id: string };
  /** With secrets in plain text. */
  tools: ToolConfig[];
  /** Whether to list what the tools offer; otherwise the answer has only problems. */
  list: boolean;
  /** When the check has to be finished, in ms from now. */
  within_ms: number;
}

/** What a worker found. The paths of problems begin with `/tools/<index>`. */
export interface ToolsChecked {
  problems: AgentWarning[];
  tools: CheckedTool[];
}

/** The port through which core lets a worker open tools. Never rejects because of a tool. */
export type CheckTools = (asked: ToolsToCheck) => Promise<ToolsChecked>;
