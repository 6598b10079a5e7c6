import type { HeldTool, McpTool } from '@agenthook/contracts';
import { describe, expect, it } from '@jest/globals';
import { KEY, mcpFixture } from '../testing/mcp-fixture.js';
import type { Answer } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';
import { createMcpTool, mcpTool } from './mcp.js';

const { serve, serveByHand, environment, open } = mcpFixture();

describe.each(['http', 'sse'] as const)('an MCP server over %s', (transport) => {
  it('offers its tools by prefixed, valid names, with its own schemas and short descriptions', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport });
    expect(opened.tools.map(({ name }) => name)).toEqual([
      ...['srv_add', 'srv_mixed', 'srv_fail_now', 'srv_die', 'srv_hang'],
    ]);
    expect(opened.tools[0]).toMatchObject({
      description: 'Adds.',
      repeat_safe: false,
      parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a', 'b'] },
    });
    expect(opened.tools[1]?.description).toHaveLength(2_000);
  });

  it('returns structured content, texts, and everything else by type and size, without secrets', async () => {
    const { url, headers } = await serve(transport);
    const call = caller(await open({ url, transport, headers: { 'X-Key': '{{ secrets.key }}' } }));
    expect(await call('srv_add', { a: 2, b: 3 })).toEqual({
      structured_content: { sum: 5 },
      content: 'see the structure',
    });
    expect(await call('srv_mixed', {})).toBe(
      'the key is [redacted]\n[image image/png, 5 bytes]\n[file file:///a.txt]\ninside\n' +
        '[file file:///b.bin, application/x-b, 3 bytes]\n[link https://example.com/c, c, of unknown type]',
    );
    expect(new Set(headers.map((each) => each['x-key']))).toEqual(new Set([KEY]));
  });

  it('offers only the allowed tools', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport, allowed_tools: ['fail.now', 'gone'], repeat_safe: true });
    expect(opened.tools.map(({ name, repeat_safe }) => [name, repeat_safe])).toEqual([
      ['srv_fail_now', true],
    ]);
  });

  it("throws the server's own error, without secrets", async () => {
    const { url } = await serve(transport);
    const call = caller(await open({ url, transport }));
    await expect(call('srv_fail_now', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: 'no such ticket ([redacted])',
    });
    await expect(call('srv_add', { a: 'two' })).rejects.toMatchObject({ name: 'ToolError' });
  });

  it('reports at once that a server died during a call, and still closes', async () => {
    const { url } = await serve(transport);
    const opened = await open({ url, transport });
    const started = Date.now();
    await expect(caller(opened)('srv_die', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(/connection/),
    });
    await expect(caller(opened)('srv_add', { a: 1, b: 2 })).rejects.toMatchObject({ name: 'ToolError' });
    await opened.close?.();
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('gives up on a call that hangs, and can be called again', async () => {
    const { url } = await serve(transport);
    const call = caller(await open({ url, transport }, createMcpTool({ open_ms: 5_000, call_ms: 300 })));
    await expect(call('srv_hang', {})).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('did not answer within 0.3 seconds'),
    });
    expect(await call('srv_add', { a: 1, b: 1 })).toMatchObject({ structured_content: { sum: 2 } });
  });

  it('stops with the run', async () => {
    const { url } = await serve(transport);
    const run = new AbortController();
    const call = caller(await open({ url, transport }))('srv_hang', {}, run.signal);
    setTimeout(() => run.abort(new Error('cancelled')), 100);
    await expect(call).rejects.toThrow('cancelled');
  });

  it.each<[string, Answer]>([
    ['hangs', () => undefined],
    ['sends no MCP', (_, response) => response.end('<html>')],
    [
      'sends bad JSON',
      (_, response) => response.setHeader('content-type', 'application/json').end('{"jsonrpc"'),
    ],
    [
      'sends rubbish as events and hangs up',
      (_, response) =>
        response.setHeader('content-type', 'text/event-stream').end('data: {"a"\n\ndata: 7\n\nevent'),
    ],
    ['refuses', (_, response) => response.writeHead(401).end(`who are you? not ${KEY}`)],
    ['breaks the connection', (_, response) => response.destroy()],
  ])('cannot be opened if it %s', async (_name, answer) => {
    const failure = open(
      { url: `${await serveByHand(answer)}/mcp`, transport },
      createMcpTool({ open_ms: 500, call_ms: 500 }),
    );
    const error = await failure.catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'ToolError' });
    expect((error as Error).message).not.toContain(KEY);
  });

  it('cannot be opened if the way out is closed', async () => {
    await expect(open({ url: 'http://169.254.169.254/mcp', transport })).rejects.toMatchObject({
      name: 'ToolError',
    });
  });
});

describe('the pin of an MCP server', () => {
  const envOf = (held: HeldTool[]) => {
    const checked: unknown[] = [];
    const notes: string[] = [];
    const env = environment({
      pins: {
        check: async ({ name, url }, offered) => {
          checked.push({ name, url, offered });
          return held;
        },
      },
      note: async (text) => void notes.push(text),
    });
    return { env, checked, notes };
  };
  const openIn = async (env: ReturnType<typeof environment>, config: Partial<McpTool> & { url: string }) =>
    (await open(config, mcpTool, env)).tools.map(({ name }) => name);

  it('receives what the model would see; held-back tools are noted and not offered', async () => {
    const { url } = await serve('http');
    const { env, checked, notes } = envOf([{ name: 'add', change: 'changed' }]);
    const allowed_tools = ['add', 'mixed'];
    expect(await openIn(env, { url, allowed_tools })).toEqual(['srv_mixed']);
    expect(checked).toMatchObject([
      { name: 'srv', url, offered: [{ name: 'add', description: 'Adds.' }, { name: 'mixed' }] },
    ]);
    expect(notes).toEqual([
      expect.stringMatching(/^Not offered to the model: add \(changed\) of the MCP tool "srv"/),
    ]);
  });

  it('is not used if the tool says so', async () => {
    const { url } = await serve('http');
    const { env, checked } = envOf([{ name: 'add', change: 'changed' }]);
    expect(await openIn(env, { url, pin: false })).toHaveLength(5);
    expect(checked).toEqual([]);
  });

  it('fails the opening if it cannot be asked', async () => {
    const { url } = await serve('http');
    const { env } = envOf([]);
    const pins = { check: () => Promise.reject(new Error('no Redis')) };
    const failed = openIn({ ...env, pins }, { url });
    await expect(failed).rejects.toThrow('no Redis');
  });
});
