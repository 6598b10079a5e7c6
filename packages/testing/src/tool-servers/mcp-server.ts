import type { ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { HttpCall } from './http-server.js';

/**
 * Creates a route of an HTTP server that speaks MCP (Streamable HTTP, without sessions) with the official
 * SDK.
 *
 * @param register adds the server's tools; `hangUp` breaks the connection during a call
 */
export const mcpRoute =
  (register: (server: McpServer, hangUp: () => void) => void) =>
  async ({ method, headers, body }: HttpCall, response: ServerResponse): Promise<void> => {
    if (method !== 'POST') return void response.writeHead(405).end();
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    register(server, () => response.socket?.destroy());
    const transport = new StreamableHTTPServerTransport({});
    // The SDK's own types conflict under exactOptionalPropertyTypes.
    await server.connect(transport as Parameters<McpServer['connect']>[0]);
    response.on('close', () => void server.close());
    await transport.handleRequest(Object.assign(response.req, { headers }), response, JSON.parse(body));
  };
