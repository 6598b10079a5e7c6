import { type Static, Type } from '@sinclair/typebox';
import { StringEnum, Time } from './shapes.js';
import { MAX_TOOL_NAME } from './tools/common.js';

/** An MCP server's description of one of its tools, as the model receives it. */
export const McpToolDefinition = Type.Object({
  name: Type.String({ description: "The tool's name on the server." }),
  description: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of the arguments.' }),
});
export type McpToolDefinition = Static<typeof McpToolDefinition>;

/** A tool that a run holds back, and why. */
export interface HeldTool {
  name: string;
  change: 'new' | 'changed';
}

/** The pinned tools of MCP servers. A port of the MCP tool; core implements it on Redis. */
export interface PinsPort {
  /**
   * Compares the tools that a server offers now with those pinned for the tool `name` at `url`. Pins them if
   * none were pinned. Returns the tools that must not be offered until someone accepts them.
   */
  check(tool: { name: string; url: string }, offered: readonly McpToolDefinition[]): Promise<HeldTool[]>;
}

const definitionOrNull = (description: string) =>
  Type.Union([McpToolDefinition, Type.Null()], { description });

export const PinnedTool = Type.Object({
  name: Type.String(),
  state: StringEnum(['pinned', 'changed', 'new', 'gone'], {
    description:
      '`pinned`: as accepted, and offered to the model. `changed`, `new`: not offered until accepted. ' +
      '`gone`: the server no longer lists it.',
  }),
  pinned: definitionOrNull('The accepted definition. null for a new tool.'),
  current: definitionOrNull('The definition that the server sent last. null for a tool that is gone.'),
});
export type PinnedTool = Static<typeof PinnedTool>;

export const PinnedServer = Type.Object({
  tool: Type.String({ description: "The name of the agent's `mcp` tool." }),
  url: Type.String(),
  pinned_at: Type.Union([Time(), Type.Null()], {
    description: 'When the tools were last pinned or accepted. null until a run has queried the server.',
  }),
  seen_at: Type.Union([Time(), Type.Null()], {
    description: 'When a run first saw the list in `current`. null if that is the pinned list.',
  }),
  revision: Type.Union([Type.String(), Type.Null()], {
    description: 'Identifies that list. Send it back to accept exactly the list you have read.',
  }),
  tools: Type.Array(PinnedTool),
});
export type PinnedServer = Static<typeof PinnedServer>;

export const McpPins = Type.Object({ servers: Type.Array(PinnedServer) }, { $id: 'McpPins' });
export type McpPins = Static<typeof McpPins>;

export const AcceptMcpToolsBody = Type.Object(
  {
    tool: Type.String({ maxLength: MAX_TOOL_NAME, description: "The name of the agent's `mcp` tool." }),
    revision: Type.String({ maxLength: 64, description: 'The `revision` of the list that you have read.' }),
  },
  { additionalProperties: false },
);
export type AcceptMcpToolsBody = Static<typeof AcceptMcpToolsBody>;
