import { orAborted, withDeadline } from '@agenthook/async';
import type { ToolConfigOf } from '@agenthook/contracts';
import { createNumberMarks, valueAt } from '@agenthook/json';
import { createMCPClient, type ListToolsResult, type MCPClient, MCPClientError } from '@ai-sdk/mcp';
import { ToolError } from '../tool.js';
import { guardFetch } from './guard-fetch.js';
import { type BrokenTool, createMender, type Mender } from './mend.js';
import { otherVersion } from './versions.js';

/** How long to wait for a possibly dead server when ending its session. */
const CLOSE_TIMEOUT_MS = 1_000;
/** What the SDK says if it sends no request, because the stream of the SSE transport has ended. */
const NOT_SENT = /: Not connected$|from a closed client$/;
/** A server could announce further pages endlessly. */
const MOST_PAGES = 100;

export type Definition = ListToolsResult['tools'][number];

export interface McpConnection {
  definitions: Definition[];
  /** The tools that the server lists but that cannot be offered. */
  broken: readonly BrokenTool[];
  /** Calls a tool and returns the result as the server sent it, whatever its shape. */
  call(definition: Definition, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown>;
  /** Whether a call failed because the session has ended: the server has not carried it out. */
  isLost(): boolean;
  close(): Promise<void>;
}

/**
 * What a server without sessions answers to `initialize`, which it does not know: a version, a header or
 * `_meta` is missing, or there is no such method.
 * https://modelcontextprotocol.io/specification/2026-07-28/changelog
 */
const NO_INITIALIZE: readonly unknown[] = [-32_020, -32_021, -32_022, -32_600, -32_601, -32_602];

/**
 * Connects to an MCP server and lists its tools. Rejects if that fails or `signal` aborts, and leaves nothing
 * open. Begins with `initialize`, which most servers know, and goes on without a session if that is refused.
 */
export async function connect(
  config: ToolConfigOf<'mcp'>,
  headers: Record<string, string>,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<McpConnection> {
  const connecting = (how: Handshake) => open(config, headers, fetch, signal, how);
  try {
    return await connecting({});
  } catch (first) {
    let error: unknown = first;
    const version = otherVersion(first);
    if (version !== undefined) {
      try {
        return await connecting({ version });
      } catch (second) {
        error = second;
      }
    }
    if (config.transport === 'sse') throw error;
    if (!NO_INITIALIZE.includes(codeOf(error))) throw withTransportHint(error);
    return await connecting({ isStateless: true });
  }
}

/** The code of JSON-RPC in an error, which the SDK does not read if the answer has no id. */
function codeOf(error: unknown): unknown {
  if (!MCPClientError.isInstance(error)) return undefined;
  return error.code ?? valueAt(jsonOf(error.responseBody), 'error.code');
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse((text ?? '').slice(0, 10_000));
  } catch {
    return undefined;
  }
}

interface Handshake {
  /** Whether there is none. */
  isStateless?: boolean;
  /** The version to ask for instead of the newest. */
  version?: string;
}

async function open(
  { url, transport = 'http' }: ToolConfigOf<'mcp'>,
  headers: Record<string, string>,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
  { isStateless = false, version }: Handshake,
): Promise<McpConnection> {
  const lifetime = new AbortController();
  let isOpening = true;
  let excess: ToolError | undefined;
  let isLost = false;
  const onSessionLost = () => {
    isLost = true;
  };
  const mender = createMender(isStateless ? undefined : onSessionLost);
  // The SDK parses messages with JSON.parse, which rounds numbers in schemas. The mender keeps results exact.
  const marks = createNumberMarks();
  const mend: Mender['mend'] = (text, own) => marks.mark(mender.mend(text, own));
  const connecting = createMCPClient({
    clientName: 'agenthook',
    // The guard answers the discovery itself.
    protocolVersionDiscovery: isStateless,
    transport: {
      type: transport,
      url,
      headers,
      // Egress follows redirects only on the server's own origin.
      redirect: 'follow',
      fetch: guardFetch(fetch, {
        transport,
        isStateless,
        lifetime: lifetime.signal,
        isOpening: () => isOpening,
        onExcess: (why) => {
          excess = why;
        },
        onSessionLost,
        version,
        mender: { ...mender, mend },
      }),
    },
    // Without it, stream errors would be thrown where no one can catch them. Errors of calls reject the
    // calls.
    onUncaughtError: () => {},
  });
  try {
    const client = await orAborted(connecting, signal);
    const definitions = marks.restore(await listTools(client, signal));
    isOpening = false;
    const call: McpConnection['call'] = async (definition, args, abortSignal) => {
      const callable = client.toolsFromDefinitions({ tools: [definition] })[definition.name];
      const options = { abortSignal, toolCallId: '', messages: [], context: {} };
      try {
        return mender.resultOf(await callable?.execute(args, options));
      } catch (error) {
        const why = excess;
        excess = undefined;
        isLost ||= error instanceof Error && NOT_SENT.test(error.message);
        throw why ?? error;
      }
    };
    const { broken } = mender;
    return { definitions, broken, call, isLost: () => isLost, close: () => close(client, lifetime) };
  } catch (error) {
    lifetime.abort();
    throw excess ?? error;
  }
}

/** How servers of the older transport answer a first post. */
const NO_POST = [400, 404, 405];

function withTransportHint(error: unknown): unknown {
  if (!MCPClientError.isInstance(error) || !NO_POST.includes(error.statusCode ?? 0)) return error;
  return new ToolError(`${error.message}. Check the URL; the server's transport may be \`sse\`.`);
}

async function listTools(client: MCPClient, signal: AbortSignal): Promise<ListToolsResult['tools']> {
  const tools: ListToolsResult['tools'] = [];
  let cursor: string | undefined;
  const seen = new Set<string>();
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.listTools({ ...(cursor && { params: { cursor } }), options: { signal } });
    tools.push(...answer.tools);
    cursor = answer.nextCursor;
    if (!cursor || seen.has(cursor)) break;
    seen.add(cursor);
  }
  return tools;
}

async function close(client: MCPClient, lifetime: AbortController): Promise<void> {
  await withDeadline(
    client.close().catch(() => {}),
    CLOSE_TIMEOUT_MS,
  );
  lifetime.abort();
}
