import { type Static, Type } from '@sinclair/typebox';

/** What an MCP server says of one of its tools, as the model is told. */
export const McpToolDefinition = Type.Object({
  name: Type.String({ description: "The server's own name for it." }),
  description: Type.String(),
  parameters: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of its arguments.' }),
});
export type McpToolDefinition = Static<typeof McpToolDefinition>;

/** A tool that a run does not offer, and why. */
export interface HeldTool {
  name: string;
  change: 'new' | 'changed';
}

/** What an MCP server's tools were when they were pinned. The port of the MCP tool; core implements it on Redis. */
export interface PinsPort {
  /**
   * Holds what a server offers now against what was pinned for the tool `name` at `url`, and pins it where nothing was.
   * Returns the tools that must not be offered before someone has accepted them.
   */
  check(tool: { name: string; url: string }, offered: readonly McpToolDefinition[]): Promise<HeldTool[]>;
}

const definitionOrNull = (description: string) =>
  Type.Union([McpToolDefinition, Type.Null()], { description });

export const PinnedTool = Type.Object({
  name: Type.String(),
  state: Type.String({
    enum: ['pinned', 'changed', 'new', 'gone'],
    description:
      '`pinned`: as accepted, and offered to the model. `changed`, `new`: not offered until it is accepted. ' +
      '`gone`: the server does not name it any more.',
  }),
  pinned: definitionOrNull('What was accepted; null for a new tool.'),
  current: definitionOrNull('What the server said last; null for one that is gone.'),
});
export type PinnedTool = Omit<Static<typeof PinnedTool>, 'state'> & {
  state: 'pinned' | 'changed' | 'new' | 'gone';
};

export const PinnedServer = Type.Object({
  tool: Type.String({ description: 'The name of the tool of the type `mcp`.' }),
  url: Type.String(),
  pinned_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When its tools were pinned or accepted last; null until a first run has asked the server.',
  }),
  seen_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When a run first saw the list that `current` shows; null where it is the pinned one.',
  }),
  revision: Type.Union([Type.String(), Type.Null()], {
    description: 'Names that list. Send it to accept what you have read, and nothing newer.',
  }),
  tools: Type.Array(PinnedTool),
});
export type PinnedServer = Omit<Static<typeof PinnedServer>, 'tools'> & { tools: PinnedTool[] };

export const McpPins = Type.Object({ servers: Type.Array(PinnedServer) }, { $id: 'McpPins' });
export type McpPins = { servers: PinnedServer[] };

export const AcceptMcpToolsBody = Type.Object(
  {
    tool: Type.String({ maxLength: 64, description: 'The name of the tool of the type `mcp`.' }),
    revision: Type.String({ maxLength: 64, description: '`revision` of the list that you have read.' }),
  },
  { additionalProperties: false },
);
export type AcceptMcpToolsBody = Static<typeof AcceptMcpToolsBody>;
