import { setTimeout as delay } from 'node:timers/promises';
import type { ToolConfigOf } from '@agenthook/contracts';
import { createMCPClient, type ListToolsResult, type MCPClient } from '@ai-sdk/mcp';
import { orAborted } from '../or-aborted.js';
import type { ToolEnvironment, ToolError } from '../tool.js';
import { guardFetch } from './guard-fetch.js';

/** How long a server that may be gone is waited for when it is told that its session is over. */
const CLOSE_TIMEOUT_MS = 1_000;
/** A server may say for ever that there is another page. */
const MOST_PAGES = 20;

export interface McpConnection {
  client: MCPClient;
  definitions: ListToolsResult['tools'];
  /** Why an answer of this server was cut, where one was since this was asked last. */
  takeExcess(): ToolError | undefined;
  close(): Promise<void>;
}

/**
 * Connects to an MCP server and asks it for its tools. Rejects, with nothing left open, when it can not be had or
 * `signal` aborts.
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
    transport: {
      type: transport,
      url,
      headers,
      fetch: guardFetch(egress.fetch, {
        transport,
        lifetime: lifetime.signal,
        isOpening: () => isOpening,
        onExcess: (why) => {
          excess = why;
        },
      }),
    },
    // Left out, errors of streams would be thrown where nobody can catch them; those of calls reject the calls.
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
  const timer = new AbortController();
  const patience = delay(CLOSE_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([client.close().catch(() => {}), patience]);
  timer.abort();
  lifetime.abort();
}
