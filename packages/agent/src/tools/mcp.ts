import type { ToolConfigOf } from '@agenthook/contracts';
import type { CallToolResult, ListToolsResult } from '@ai-sdk/mcp';
import { SECRET_OVERLAP } from '../without-secrets.js';
import { cutText } from './body-for-model.js';
import { cut } from './cut.js';
import { filterValue } from './filter-value.js';
import { connect, type McpConnection } from './mcp/connect.js';
import { explained } from './mcp/explain.js';
import { offered } from './mcp/pins.js';
import { toResult } from './mcp/to-result.js';
import { renderHeaders } from './render-headers.js';
import { rendererOf } from './template-parts.js';
import type { OpenTool, ToolKind } from './tool.js';
import { takeName } from './tool-names.js';

/** A server's tool descriptions come from strangers and are part of every prompt. */
const LONGEST_NAME = 256; // characters; MCP asks for 128 at most
const LONGEST_DESCRIPTION = 2_000; // characters
const LONGEST_PARAMETERS = 50_000; // characters of JSON
/** More than the model receives of any result. A longer result is cut before it is searched for secrets. */
const LONGEST_RESULT = 200_000; // characters of JSON
/**
 * More than any model provider accepts: https://platform.openai.com/docs/api-reference/chat/create, `tools`.
 */
const MOST_TOOLS = 128;

export interface McpTimeouts {
  /** Limit for connecting and listing tools, in ms. */
  open_ms: number;
  /** Limit for one call, in ms. */
  call_ms: number;
}

type Definition = ListToolsResult['tools'][number];

/** The tools of a remote MCP server. Creates the tool kind with other timeouts than mcpTool, for tests. */
export function createMcpTool({ open_ms, call_ms }: McpTimeouts): ToolKind<'mcp'> {
  return {
    type: 'mcp',
    async open(config, env, { signal }) {
      const { headers, clean } = await renderHeaders(rendererOf(env, signal), config.headers, env.secrets);
      const connection = await explained({ signal, ms: open_ms, clean }, (limited) =>
        connect(config, headers, env, limited),
      );
      const described = chosen(config, connection.definitions).map(describeTool);
      const accepted = await offered(config, described, env).catch(async (error: unknown) => {
        await connection.close();
        throw error;
      });
      const names = new Set<string>();
      const tools = accepted.map(({ name, definition, ...shown }) => ({
        ...shown,
        remote: name,
        name: takeName(`${config.name}_${name}`, names),
        repeat_safe: config.repeat_safe ?? false, // the server's own hints (readOnlyHint, idempotentHint) are no guarantee
        execute: execution(definition, connection, {
          ms: (config.timeout_seconds ?? call_ms / 1000) * 1000,
          clean,
        }),
      }));
      return { tools, close: connection.close };
    },
  };
}

/**
 * Streamable HTTP or SSE; programs (stdio) are never started. A server has 30 s to open and 60 s per call.
 */
export const mcpTool = createMcpTool({ open_ms: 30_000, call_ms: 60_000 });

function chosen({ allowed_tools }: ToolConfigOf<'mcp'>, definitions: Definition[]): Definition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  return [...byName.values()]
    .filter(({ name }) => name.length <= LONGEST_NAME)
    .filter(({ name }) => allowed_tools === undefined || allowed_tools.includes(name))
    .slice(0, MOST_TOOLS);
}

function describeTool(definition: Definition) {
  const { name, title, description, inputSchema } = definition;
  return {
    definition,
    name,
    description: cut(description ?? title ?? name, LONGEST_DESCRIPTION),
    parameters: JSON.stringify(inputSchema).length <= LONGEST_PARAMETERS ? inputSchema : { type: 'object' },
  };
}

function execution(
  definition: Definition,
  { client, takeExcess }: McpConnection,
  { ms, clean }: { ms: number; clean: (text: string) => string },
): OpenTool['execute'] {
  return (args, { signal }) =>
    explained({ signal, ms, clean }, async (limited) => {
      const callable = client.toolsFromDefinitions({ tools: [definition] })[definition.name];
      const options = { abortSignal: limited, toolCallId: '', messages: [], context: {} };
      let answer: unknown;
      try {
        answer = await callable?.execute(args, options);
      } catch (error) {
        throw takeExcess() ?? error;
      }
      return tell(toResult(answer as CallToolResult), clean);
    });
}

function tell(result: unknown, clean: (text: string) => string): unknown {
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
  if (text.length <= LONGEST_RESULT) return filterValue(result, clean);
  return cutText(clean(text.slice(0, LONGEST_RESULT + SECRET_OVERLAP)), LONGEST_RESULT);
}
