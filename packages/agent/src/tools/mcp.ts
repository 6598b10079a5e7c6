import type { CheckedTool, McpTool } from '@agenthook/contracts';
import { SECRET_OVERLAP } from '../without-secrets.js';
import { cutText } from './body-for-model.js';
import { cut } from './cut.js';
import { filterValue } from './filter-value.js';
import { choose, missingTools, noteLeftOut } from './mcp/choose.js';
import { connect, type Definition } from './mcp/connect.js';
import { explained } from './mcp/explain.js';
import { offered } from './mcp/pins.js';
import { type McpSession, openSession } from './mcp/session.js';
import { toResult } from './mcp/to-result.js';
import { fetchWithToken, tokensOf } from './oauth.js';
import { renderHeaders } from './render-headers.js';
import { rendererOf } from './template-parts.js';
import type { OpenTool, ToolEnvironment, ToolKind } from './tool.js';
import { takeName } from './tool-names.js';

/** A server's tool descriptions come from strangers and are part of every prompt. */
const LONGEST_DESCRIPTION = 2_000; // characters
const LONGEST_PARAMETERS = 50_000; // characters of JSON
/** More than the model receives of any result. A longer result is cut before it is searched for secrets. */
const LONGEST_RESULT = 200_000; // characters of JSON
export interface McpTimeouts {
  /** Limit for connecting and listing tools, in ms. */
  open_ms: number;
  /** Limit for one call, in ms. */
  call_ms: number;
}

/** The tools of a remote MCP server. Creates the tool kind with other timeouts than mcpTool, for tests. */
export function createMcpTool({ open_ms, call_ms }: McpTimeouts): ToolKind<'mcp'> {
  const start = async (config: McpTool, env: ToolEnvironment, signal: AbortSignal) => {
    const rendered = await renderHeaders(rendererOf(env, signal), config.headers, env.secrets);
    const tokens = tokensOf(config, env);
    const clean = (text: string) => tokens?.clean(rendered.clean(text)) ?? rendered.clean(text);
    const fetch = fetchWithToken(env.egress.fetch, tokens);
    const session = await explained({ signal, ms: open_ms, clean }, (limited) =>
      openSession((each) => connect(config, rendered.headers, fetch, each), limited),
    );
    return { session, clean };
  };
  return {
    type: 'mcp',
    async list(config, env, { signal }) {
      const { session, clean } = await start(config, env, signal);
      await session.close();
      const { definitions, broken } = session;
      const isAllowed = (name: string) => config.allowed_tools?.includes(name) ?? true;
      return {
        tools: definitions.map((definition) => {
          const { name, description, parameters } = describeTool(definition);
          const texts = filterValue({ name, description, input_schema: parameters }, clean);
          return { ...(texts as CheckedTool), chosen: isAllowed(name) };
        }),
        problems: [
          ...broken.map(({ name, problem }) => ({
            path: '',
            code: 'schema_not_supported' as const,
            detail: clean(`The server's tool "${cut(name, 100)}" is not offered: ${cut(problem, 200)}.`),
          })),
          ...missingTools(config, session),
        ],
      };
    },
    async open(config, env, { signal }) {
      const { session, clean } = await start(config, env, signal);
      const choice = choose(config, session.definitions);
      const described = choice.chosen.map(describeTool);
      const accepted = await noteLeftOut(config, session.broken, choice, (text) => env.note(clean(text)))
        .then(() => offered(config, described, env))
        .catch(async (error: unknown) => {
          await session.close();
          throw error;
        });
      const names = new Set<string>();
      const tools = accepted.map(({ name, definition, ...shown }) => ({
        ...shown,
        remote: name,
        name: takeName(`${config.name}_${name}`, names),
        repeat_safe: config.repeat_safe ?? false, // the server's own hints (readOnlyHint, idempotentHint) are no guarantee
        execute: execution(definition, session, {
          ms: config.timeout_seconds === undefined ? call_ms : config.timeout_seconds * 1000,
          clean,
        }),
      }));
      return { tools, close: session.close };
    },
  };
}

/**
 * Streamable HTTP or SSE; programs (stdio) are never started. A server has 30 s to open and 60 s per call.
 */
export const mcpTool = createMcpTool({ open_ms: 30_000, call_ms: 60_000 });

function describeTool(definition: Definition) {
  const { name, title, description, inputSchema } = definition;
  return {
    definition,
    name,
    description: cut(description || title || name, LONGEST_DESCRIPTION),
    parameters: JSON.stringify(inputSchema).length <= LONGEST_PARAMETERS ? inputSchema : { type: 'object' },
  };
}

function execution(
  definition: Definition,
  session: McpSession,
  { ms, clean }: { ms: number; clean: (text: string) => string },
): OpenTool['execute'] {
  return (args, { signal }) =>
    explained({ signal, ms, clean }, async (limited) =>
      tell(toResult(await session.call(definition, args, limited)), clean),
    );
}

function tell(result: unknown, clean: (text: string) => string): unknown {
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
  if (text.length <= LONGEST_RESULT) return filterValue(result, clean);
  return cutText(clean(text.slice(0, LONGEST_RESULT + SECRET_OVERLAP)), LONGEST_RESULT);
}
