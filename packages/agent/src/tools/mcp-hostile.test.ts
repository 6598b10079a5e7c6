import { describe, expect, it } from '@jest/globals';
import { mcpFixture } from '../testing/mcp-fixture.js';
import type { Answer } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';
import { createMcpTool } from './mcp.js';

const { serveByHand, open } = mcpFixture();

/** Streamable HTTP by hand: the handshake, then what a test sends. */
const wire =
  (onCall: (id: number, method: string) => object | string | undefined): Answer =>
  ({ method: verb, body }, response) => {
    if (verb !== 'POST') return void response.writeHead(405).end();
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    const serverInfo = { name: 'by hand', version: '1' };
    const hello = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo };
    const result = method === 'initialize' ? hello : onCall(id, method);
    if (typeof result === 'object') return { jsonrpc: '2.0', id, result };
    response.setHeader('content-type', 'text/event-stream').write(result ?? ': nothing\n\n');
    if (result === undefined) response.end();
    return undefined;
  };

const serveWire = async (answer: Answer): Promise<string> => `${await serveByHand(answer)}/mcp`;

const inputSchema = { type: 'object' };

describe('a hostile MCP server', () => {
  it('does not keep a run waiting by ending a stream without an answer', async () => {
    const url = await serveWire(
      wire((_, method) => (method === 'tools/list' ? { tools: [{ name: 't', inputSchema }] } : undefined)),
    );
    await expect(caller(await open({ url }))('srv_t', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('closed the connection before it answered'),
    });
  });

  it('does not fill the memory', async () => {
    const flood = `data: ${'x'.repeat(17 * 1024 * 1024)}`;
    const url = await serveWire(
      wire((_, method) => (method === 'tools/list' ? { tools: [{ name: 't', inputSchema }] } : flood)),
    );
    await expect(caller(await open({ url }))('srv_t', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('more than 4 MiB'),
    });
  });

  it('cannot list endless pages, more tools than a model accepts, or duplicates', async () => {
    const names = Array.from({ length: 70 }, (_, index) => `${'n'.repeat(70)}${index % 60}`);
    const url = await serveWire(
      wire((id) => ({
        tools: names.map((name) => ({ name: `${name}/${id % 3}`, inputSchema })),
        nextCursor: `on ${id}`,
      })),
    );
    const { tools: opened } = await open({ url });
    expect(opened).toHaveLength(128);
    expect(new Set(opened.map(({ name }) => name)).size).toBe(128);
    for (const { name } of opened) expect(name).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/);
  });

  it('cannot list more than anyone would choose from', async () => {
    const one = { name: 't', inputSchema: { ...inputSchema, description: 'x'.repeat(46_000) } };
    const url = await serveWire(wire(() => ({ tools: Array.from({ length: 60 }, () => one) })));
    await expect(open({ url })).rejects.toMatchObject({
      name: 'ToolError',
      message: 'The server sent more than 2 MiB while listing its tools.',
    });
  });

  it('gets an answer of many small values cut as text', async () => {
    const structuredContent = { n: Array.from({ length: 200_000 }, () => 1) };
    const url = await serveWire(
      wire((_, method) =>
        method === 'tools/list'
          ? { tools: [{ name: 't', inputSchema }] }
          : { content: [], structuredContent },
      ),
    );
    const told = await caller(await open({ url }))('srv_t', {});
    expect(told).toMatch(/^\{"n":\[1,1,/);
    expect(told).toHaveLength(200_000);
  });

  it('cannot send an endless endpoint name', async () => {
    const ideographs = String.fromCodePoint(...Array.from({ length: 20_000 }, (_, n) => 0x4e00 + n));
    const url = await serveByHand((_, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write(`event: endpoint\ndata: http://${ideographs.repeat(5)}/\n\n`);
    });
    const used = process.cpuUsage();
    const config = { url: `${url}/sse`, transport: 'sse' } as const;
    await expect(open(config, createMcpTool({ open_ms: 1_000, call_ms: 500 }))).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('more than 4 KiB before it named its endpoint'),
    });
    const { user, system } = process.cpuUsage(used);
    expect((user + system) / 1_000).toBeLessThan(4_000);
  });

  it('cannot put a schema of any size into the prompt', async () => {
    const huge = { type: 'object', properties: { a: { description: 'x'.repeat(60_000) } } };
    const url = await serveWire(wire(() => ({ tools: [{ name: 't', inputSchema: huge }] })));
    expect((await open({ url })).tools[0]?.parameters).toEqual({ type: 'object' });
  });
});
