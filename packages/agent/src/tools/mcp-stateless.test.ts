import { describe, expect, it } from '@jest/globals';
import { mcpFixture } from '../testing/mcp-fixture.js';
import type { Answer } from '../testing/recording-server.js';
import { caller } from '../testing/tool-environment.js';

// Servers that know only version 2026-07-28, which has no sessions:
// https://modelcontextprotocol.io/specification/2026-07-28/changelog

const { serveByHand, open } = mcpFixture();

const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol';
const region = { type: 'string', 'x-mcp-header': 'Region' };
const TOOL = {
  name: 'count',
  inputSchema: { type: 'object', properties: { region, id: { type: 'integer' } } },
};

interface Refusal {
  status: number;
  code: number;
  id?: null;
  message?: string;
}

/** A strict server. `result` is what a call gets; `methods` are those it was asked, in order. */
async function serve(refusal: Refusal, result = '{"resultType":"complete","content":[]}') {
  const methods: string[] = [];
  const answer: Answer = ({ method: verb, body, headers }, response) => {
    if (verb !== 'POST') return void response.writeHead(405).end();
    const { id, method, params } = JSON.parse(body);
    methods.push(method);
    response.setHeader('content-type', 'application/json');
    const refuse = (status: number, code: number, to: unknown = id) =>
      void response
        .writeHead(status)
        .end(
          JSON.stringify({ jsonrpc: '2.0', id: to, error: { code, message: refusal.message ?? 'refused' } }),
        );
    const meta = params?._meta ?? {};
    if (method === 'initialize' || meta[`${META}/protocolVersion`] !== VERSION)
      return refuse(refusal.status, refusal.code, refusal.id === null ? null : id);
    if (meta[`${META}/clientCapabilities`] === undefined) return refuse(400, -32_602);
    const expected = { 'mcp-protocol-version': VERSION, 'mcp-method': method };
    const call = method === 'tools/call' && { 'mcp-name': 'count', 'mcp-param-region': 'eu' };
    for (const [name, value] of Object.entries({ ...expected, ...call }))
      if (headers[name] !== value) return refuse(400, -32_020);
    if (headers['mcp-session-id'] !== undefined) return refuse(400, -32_600);
    const text =
      method === 'tools/list'
        ? JSON.stringify({ resultType: 'complete', tools: [TOOL], ttlMs: 60_000, cacheScope: 'private' })
        : result;
    return void response.end(`{"jsonrpc":"2.0","id":${id},"result":${text}}`);
  };
  return { url: `${await serveByHand(answer)}/mcp`, methods };
}

const UNKNOWN_VERSION: Refusal = { status: 400, code: -32_022 };

describe('an MCP server without sessions', () => {
  it.each<Refusal>([
    UNKNOWN_VERSION,
    { status: 400, code: -32_022, id: null },
    { status: 400, code: -32_020 },
    { status: 404, code: -32_601 },
    { status: 200, code: -32_601 },
    { status: 400, code: -32_602 },
  ])('is used after it has refused `initialize`: %j', async (refusal) => {
    const text = '{"resultType":"complete","content":[{"type":"text","text":"7"}]}';
    const { url, methods } = await serve(refusal, text);
    const call = caller(await open({ url }));
    expect(await call('srv_count', { region: 'eu' })).toBe('7');
    expect(methods).toEqual(['initialize', 'tools/list', 'tools/call']);
  });

  it('is used after it has refused the protocol version in words', async () => {
    const { url, methods } = await serve({ ...UNKNOWN_VERSION, message: 'Unsupported protocol version' });
    await open({ url });
    expect(methods).toEqual(['initialize', 'initialize', 'tools/list']);
  });

  it('keeps the digits of a list as structured content', async () => {
    const { url } = await serve(
      UNKNOWN_VERSION,
      '{"resultType":"complete","content":[],"structuredContent":[1915883588174806058]}',
    );
    const call = caller(await open({ url }));
    const result = await call('srv_count', { region: 'eu', id: 1 });
    expect(JSON.stringify(result)).toContain('1915883588174806058');
  });

  it.each([
    ['{"confirm":{"method":"elicitation/create","params":{"message":"Delete 3 files?"}}}', 'Delete 3 files?'],
    ['{"it":{"method":"sampling/createMessage"}}', 'sampling/createMessage'],
    ['null', 'it does not say what'],
  ])('that asks for input tells the model: %s', async (requests, told) => {
    const asking = `{"resultType":"input_required","inputRequests":${requests},"requestState":"x"}`;
    const { url } = await serve(UNKNOWN_VERSION, asking);
    await expect(caller(await open({ url }))('srv_count', { region: 'eu' })).rejects.toMatchObject({
      name: 'ToolError',
      message: `The tool asks for something that nobody can give here: ${told}`,
      mayHaveHappened: false,
    });
  });
});
