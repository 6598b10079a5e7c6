import { orAborted, withDeadline } from '@agenthook/async';
import type { ToolConfigOf } from '@agenthook/contracts';
import { createMCPClient, type ListToolsResult, type MCPClient } from '@ai-sdk/mcp';
import type { ToolEnvironment, ToolError } from '../tool.js';
import { guardFetch } from './guard-fetch.js';

/** How long to wait for a possibly dead server when ending its session. */
const CLOSE_TIMEOUT_MS = 1_000;
/** A server could announce further pages endlessly. */
const MOST_PAGES = 20;

export interface McpConnection {
  client: MCPClient;
  definitions: ListToolsResult['tools'];
  /** Why an answer of this server was cut since the last call; undefined if none was. */
  takeExcess(): ToolError | undefined;
  close(): Promise<void>;
}

/**
 * Connects to an MCP server and lists its tools. Rejects if that fails or `signal` aborts, and leaves nothing
 * open.
 */
export async function connect(
  { url, transport = 'http' }: ToolConfigOf<'mcp'>,
  headers: Record<string, string>,
  { egress }: ToolEnvironment,
  signal: AbortSignal,
): Promise<McpConnection> {
  const lifetime = new AbortController();
  let isOpening = true;
  let excess: ToolError | undefined;
  const connecting = createMCPClient({
    clientName: 'agenthook',
    // Begin with `initialize`. Asking for a newer protocol first costs each run another request.
    protocolVersionDiscovery: false,
    transport: {
      type: transport,
      url,
      headers,
      // Egress follows redirects only on the server's own origin.
      redirect: 'follow',
      fetch: guardFetch(egress.fetch, {
        transport,
        lifetime: lifetime.signal,
        isOpening: () => isOpening,
        onExcess: (why) => {
          excess = why;
        },
      }),
    },
    // Without it, stream errors would be thrown where no one can catch them. Errors of calls reject the
    // calls.
    onUncaughtError: () => {},
  });
  try {
    const client = await orAborted(connecting, signal);
    const definitions = await listTools(client, signal);
    isOpening = false;
    const takeExcess = () => {
      const why = excess;
      excess = undefined;
      return why;
    };
    return { client, definitions, takeExcess, close: () => close(client, lifetime) };
  } catch (error) {
    lifetime.abort();
    throw excess ?? error;
  }
}

async function listTools(client: MCPClient, signal: AbortSignal): Promise<ListToolsResult['tools']> {
  const tools: ListToolsResult['tools'] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await client.listTools({ ...(cursor && { params: { cursor } }), options: { signal } });
    tools.push(...answer.tools);
    cursor = answer.nextCursor;
    if (!cursor) break;
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
