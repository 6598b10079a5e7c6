import type { McpTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach } from '@jest/globals';
import { z } from 'zod';
import { mcpTool } from '../tools/mcp.js';
import type { OpenedTools, ToolEnvironment } from '../tools/tool.js';
import { type Register, startMcpServer, type TestMcpServer } from './mcp-server.js';
import { type Answer, startRecordingServer } from './recording-server.js';
import { toolEnvironment } from './tool-environment.js';

/** The secret of every MCP tool here. */
export const KEY = 'mcp-key-4711-abcdef';

/** What a server by hand answers to `initialize`. */
export const HELLO = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'h', version: '1' },
};

const tools: Register = (server, die) => {
  server.registerTool(
    'add',
    {
      description: 'Adds.',
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
    },
    ({ a, b }) => ({
      content: [{ type: 'text', text: 'see the structure' }],
      structuredContent: { sum: a + b },
    }),
  );
  server.registerTool('mixed', { description: 'x'.repeat(5_000) }, () => ({
    content: [
      { type: 'text', text: `the key is ${KEY}` },
      { type: 'image', data: Buffer.from('12345').toString('base64'), mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'file:///a.txt', text: 'inside' } },
      { type: 'resource', resource: { uri: 'file:///b.bin', blob: 'AAAA', mimeType: 'application/x-b' } },
      { type: 'resource_link', uri: 'https://example.com/c', name: 'c' },
    ],
  }));
  server.registerTool('fail.now', {}, () => ({
    isError: true,
    content: [{ type: 'text', text: `no such ticket (${KEY})` }],
  }));
  server.registerTool('die', {}, async () => {
    await die();
    return { content: [] };
  });
  server.registerTool('hang', {}, () => new Promise(() => {}));
};

/** MCP servers, and tools that are opened on them. What a test starts is closed after it. */
export function mcpFixture() {
  let egress: Egress;
  const closing: (() => Promise<unknown> | undefined)[] = [];

  beforeEach(() => {
    egress = createEgress({ allow: ['127.0.0.1'] });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await egress.close();
    // An unhandled rejection fails the test that Jest is still in.
    await new Promise((resolve) => setTimeout(resolve, 50));
  });

  return {
    /** A server with the tools above, or those of `register`. */
    serve: async (transport: 'http' | 'sse', register: Register = tools): Promise<TestMcpServer> => {
      const server = await startMcpServer(transport, register);
      closing.push(server.close);
      return server;
    },
    /** A server that answers as told, whatever that is. */
    serveByHand: async (answer: Answer): Promise<string> => {
      const server = await startRecordingServer(answer);
      closing.push(server.close);
      return server.url;
    },
    environment: (more: Partial<ToolEnvironment>) =>
      toolEnvironment({ egress, secrets: { key: KEY }, ...more }),
    open: async (
      config: Partial<McpTool> & { url: string },
      kind = mcpTool,
      env = toolEnvironment({ egress, secrets: { key: KEY } }),
    ): Promise<OpenedTools> => {
      const { signal } = new AbortController();
      const opened = await kind.open({ type: 'mcp', name: 'srv', ...config }, env, { signal });
      closing.push(() => opened.close?.());
      return opened;
    },
  };
}
