import { createServer, type Server, type ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { listen, stop } from './recording-server.js';

export interface TestMcpServer {
  url: string;
  /** The headers of each request. */
  headers: Record<string, unknown>[];
  /** Breaks all connections, as a crash does. */
  die(): Promise<void>;
  close(): Promise<void>;
}

/** Registers a server's tools. `die` breaks the server during a call. */
export type Register = (server: McpServer, die: () => Promise<void>) => void;

/** Starts the official SDK's MCP server over real HTTP, with one session per client. */
export async function startMcpServer(transport: 'http' | 'sse', register: Register): Promise<TestMcpServer> {
  const headers: Record<string, unknown>[] = [];
  const server = createServer();
  const die = () => stop(server);
  const create = () => {
    const mcp = new McpServer({ name: 'test', version: '1.0.0' });
    register(mcp, die);
    return mcp;
  };
  server.on('request', (request) => void headers.push(request.headers));
  (transport === 'http' ? serveHttp : serveSse)(server, create);
  const origin = await listen(server);
  const path = transport === 'http' ? '/mcp' : '/sse';
  return {
    url: origin + path,
    headers,
    die,
    close: () => (server.listening ? stop(server) : Promise.resolve()),
  };
}

/** https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http */
function serveHttp(server: Server, create: () => McpServer): void {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  server.on('request', async (request, response) => {
    let transport = sessions.get(String(request.headers['mcp-session-id']));
    if (!transport) {
      const id = `session-${sessions.size}`;
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => id });
      sessions.set(id, transport);
      // The SDK's own types conflict under exactOptionalPropertyTypes.
      await create().connect(transport as Parameters<McpServer['connect']>[0]);
    }
    await transport.handleRequest(request, response);
  });
}

/** https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse */
function serveSse(server: Server, create: () => McpServer): void {
  const sessions = new Map<string, SSEServerTransport>();
  server.on('request', async (request, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      return create().connect(transport);
    }
    const transport = sessions.get(url.searchParams.get('sessionId') ?? '');
    if (transport) await transport.handlePostMessage(request, response);
    else response.writeHead(404).end();
  });
}
