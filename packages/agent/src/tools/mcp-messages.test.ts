import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { HELLO, mcpFixture } from '../testing/mcp-fixture.js';
import { caller } from '../testing/tool-environment.js';

// How servers write and label their messages, over real HTTP.

const { serveByHand, open } = mcpFixture();
const inputSchema = { type: 'object' };

describe('an answer of an MCP server', () => {
  type Send = (response: ServerResponse, id: number) => void;
  const message = (id: unknown) => ({
    jsonrpc: '2.0',
    id,
    result: { content: [{ type: 'text', text: 'ok' }] },
  });
  const labelled =
    (type: string | undefined, text: (json: string) => string): Send =>
    (response, id) => {
      if (type !== undefined) response.setHeader('content-type', type);
      response.end(text(JSON.stringify(message(id))));
    };
  /** A server whose answer to a call is `send`, and that takes notifications as `notified` says. */
  const sending = async (send: Send, notified = 202) => {
    const asked: unknown[] = [];
    const url = await serveByHand(({ method: verb, body }, response) => {
      if (verb !== 'POST') return void response.writeHead(405).end();
      const { id, method, ...rest } = JSON.parse(body);
      if (method === undefined) asked.push(rest);
      if (id === undefined || method === undefined) return void response.writeHead(notified).end();
      if (method === 'tools/call') return void send(response, id);
      const result = method === 'initialize' ? HELLO : { tools: [{ name: 't', inputSchema }] };
      return { jsonrpc: '2.0', id, result };
    });
    return { call: caller(await open({ url: `${url}/mcp` })), asked };
  };
  const event = (json: string) => `event: message\ndata: ${json}\n\n`;

  it.each<[string, Send]>([
    ['JSON called text', labelled('text/plain', (json) => json)],
    ['JSON without a type', labelled(undefined, (json) => json)],
    ['JSON called a stream', labelled('text/event-stream', (json) => json)],
    ['a stream called JSON', labelled('application/json', event)],
    ['a stream in capitals', labelled('Text/Event-Stream; charset=utf-8', event)],
    ['a line of a program', labelled('application/json', (json) => `Starting …\n${json}\nDone.\n`)],
    ['a batch', labelled('application/json', (json) => `[{"jsonrpc":"2.0","method":"x"},${json}]`)],
    [
      'JSON with its method',
      labelled('application/json', (json) => json.replace('{', '{"method":"tools/call",')),
    ],
    ['JSON with no method', labelled('application/json', (json) => json.replace('{', '{"method":null,'))],
    ['JSON with status 202', (response, id) => void response.writeHead(202).end(JSON.stringify(message(id)))],
    ['JSON with status 500', (response, id) => void response.writeHead(500).end(JSON.stringify(message(id)))],
    ['JSON with status 404', (response, id) => void response.writeHead(404).end(JSON.stringify(message(id)))],
    [
      'one after signs of life that are no messages',
      labelled('text/event-stream', (json) => `${event('{"type":"ping"}')}${event('{}')}${event(json)}`),
    ],
    ['one without an id', (response) => void response.end(JSON.stringify(message(null)))],
    [
      'one after notifications and requests',
      (response, id) => {
        response.setHeader('content-type', 'text/event-stream');
        const ask = (n: unknown, method: string) => ({
          jsonrpc: '2.0',
          id: n,
          method,
          params: { message: '?' },
        });
        for (const each of [
          { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
          ask('e1', 'elicitation/create'),
          ask(id, 'ping'),
          message(id),
        ])
          response.write(event(JSON.stringify(each)));
        response.end();
      },
    ],
  ])('may be %s', async (_what, send) => {
    expect(await (await sending(send)).call('srv_t', {})).toBe('ok');
  });

  it.each([undefined, 'text/plain', 'Text/Event-Stream'])('may come on a stream of type %s', async (type) => {
    let stream: ServerResponse | undefined;
    const url = await serveByHand(({ method: verb, body }, response) => {
      if (verb === 'GET') {
        stream = response;
        if (type !== undefined) response.setHeader('content-type', type);
        return void response.write('event: endpoint\ndata: /post\n\n');
      }
      response.writeHead(202).end();
      const { id, method } = JSON.parse(body);
      if (id === undefined) return;
      const result = method === 'initialize' ? HELLO : { tools: [{ name: 't', inputSchema }] };
      const answer = method === 'tools/call' ? message(id) : { jsonrpc: '2.0', id, result };
      stream?.write(event(JSON.stringify(answer)));
    });
    expect(await caller(await open({ url: `${url}/sse`, transport: 'sse' }))('srv_t', {})).toBe('ok');
  });

  it('to a request of its own says that people are not asked', async () => {
    const { call, asked } = await sending((response, id) => {
      response.setHeader('content-type', 'text/event-stream');
      const params = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } };
      response.write(
        event(JSON.stringify({ jsonrpc: '2.0', id: 'e1', method: 'elicitation/create', params })),
      );
      setTimeout(() => response.end(event(JSON.stringify(message(id)))), 100);
    });
    expect(await call('srv_t', {})).toBe('ok');
    expect(asked).toMatchObject([{ error: { code: -32_601 } }]);
  });

  it('to a notification may be a refusal', async () => {
    const { call } = await sending(
      labelled('application/json', (json) => json),
      400,
    );
    expect(await call('srv_t', {})).toBe('ok');
  });

  it.each<[string, Send, string, boolean]>([
    ['words', labelled('text/plain', () => 'hello'), 'not MCP', true],
    ['nothing', (response) => void response.writeHead(204).end(), 'answered without a body', true],
    [
      'an error without an id',
      (response) =>
        void response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}'),
      'Parse error',
      false,
    ],
    [
      'a refusal with a result without an id',
      (response) => void response.writeHead(400).end(JSON.stringify(message(null))),
      '400',
      false,
    ],
    [
      'a refusal with an answer to something else',
      (response) => void response.writeHead(400).end(JSON.stringify(message(999))),
      '400',
      false,
    ],
    [
      'an answer to something else',
      (response) => void response.end(JSON.stringify(message(999))),
      'unknown',
      true,
    ],
  ])(
    'that is %s fails the call, and says whether it may have happened',
    async (_what, send, text, mayHaveHappened) => {
      const { call } = await sending(send);
      await expect(call('srv_t', {})).rejects.toMatchObject({
        message: expect.stringContaining(text),
        mayHaveHappened,
      });
    },
  );
});
