import type { GrantsPort, HttpTool, StoredGrant } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mcpFixture } from '../testing/mcp-fixture.js';
import { type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, NO_RENEWAL, toolEnvironment } from '../testing/tool-environment.js';
import { httpTool } from './http.js';
import { openApiTool } from './openapi.js';
import type { ToolEnvironment } from './tool.js';

const SECRETS = { client_secret: 'the client secret', refresh_token: 'refresh-0000' };
const signal = new AbortController().signal;

let egress: Egress;
let server: RecordingServer;
let granted: number;
let valid: Set<string>;
/** What the token endpoint answers in addition to the token. */
let more: Record<string, unknown>;

beforeEach(async () => {
  egress = createEgress({ allow: ['127.0.0.1'] });
  [granted, valid, more] = [0, new Set(), { expires_in: 3600, token_type: 'Bearer' }];
  server = await startRecordingServer(({ path, headers }, response) => {
    if (path === '/token') {
      const access_token = `token-of-grant-${++granted}`;
      valid.add(access_token);
      return { access_token, ...more };
    }
    if (path === '/spent') {
      response.statusCode = 400;
      return { error: 'invalid_grant' };
    }
    if (path === '/refuses') {
      response.statusCode = 400;
      return { error: 'invalid_client', error_description: `wrong secret ${SECRETS.client_secret}` };
    }
    const token = headers.authorization?.slice('Bearer '.length) ?? '';
    if (!valid.has(token)) response.statusCode = 401;
    return { echo: token };
  });
});
afterEach(async () => {
  await server.close();
  await egress.close();
});

const oauth = (given: object = {}) => ({ token_url: `${server.url}/token`, client_id: 'us', ...given });
const environment = (given: Partial<ToolEnvironment> = {}) =>
  toolEnvironment({ egress, secrets: SECRETS, ...given });
const tokenRequests = () => server.requests.filter(({ path }) => path === '/token');

async function open(config: Partial<HttpTool> = {}, env = environment()) {
  const tool: HttpTool = { type: 'http', name: 'crm', url: `${server.url}/crm`, oauth: oauth(), ...config };
  const call = caller(await httpTool.open(tool, env, { signal }));
  return () => call('crm', {});
}

describe('client credentials', () => {
  it('give a token that calls share, and that nobody reads', async () => {
    const call = await open({ oauth: oauth({ scope: 'a b', audience: 'crm' }) });
    const answers = await Promise.all([call(), call(), call()]);
    expect(answers[0]).toMatchObject({ status: 200, body: { echo: '[redacted]' } });
    expect(await (await open({ oauth: oauth({ scope: 'a b', audience: 'crm' }) }))()).toMatchObject({
      status: 200,
    });
    expect(tokenRequests()).toHaveLength(1);
    expect(tokenRequests()[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&scope=a+b&audience=crm',
      headers: { authorization: `Basic ${Buffer.from('us:the+client+secret').toString('base64')}` },
    });
  });

  it('may be in the body', async () => {
    await (await open({ oauth: oauth({ client_authentication: 'body' }) }))();
    expect(tokenRequests()[0]?.body).toBe(
      'grant_type=client_credentials&client_id=us&client_secret=the+client+secret',
    );
    expect(tokenRequests()[0]?.headers.authorization).toBeUndefined();
  });

  it('are not shared with another agent, tool, or other secrets', async () => {
    await (await open())();
    await (await open({}, environment({ agent: { id: 'agt_2' } })))();
    await (await open({}, environment({ secrets: { client_secret: 'another' } })))();
    expect(tokenRequests()).toHaveLength(3);
  });

  it('are asked once more for a token that a server refuses', async () => {
    const call = await open();
    await call();
    valid.clear();
    expect(await Promise.all([call(), call()])).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(tokenRequests()).toHaveLength(2);
    const refusing = await startRecordingServer((_, response) => void response.writeHead(401).end());
    await expect((await open({ url: refusing.url }))()).rejects.toThrow('HTTP 401');
    expect(refusing.requests).toHaveLength(2);
    await refusing.close();
  });

  it('are asked again when the token has expired', async () => {
    more = { expires_in: 0.001 };
    const call = await open();
    await call();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await call();
    expect(tokenRequests()).toHaveLength(2);
  });

  it('that are wrong are told without the secret, and asked again', async () => {
    const call = await open({ oauth: oauth({ token_url: `${server.url}/refuses` }) });
    const failed = call();
    await expect(failed).rejects.toThrow('No OAuth token could be fetched: HTTP 400, invalid_client');
    await expect(failed).rejects.not.toThrow('the client secret');
    await expect(call()).rejects.toThrow('invalid_client');
    expect(server.requests).toHaveLength(2);
  });

  it('whose token would begin another header are refused', async () => {
    more = { access_token: 'a\r\nx-injected: 1' };
    await expect((await open())()).rejects.toThrow('no header may have');
  });
});

describe('a refresh token', () => {
  /** What all workers share. */
  const shared = (): GrantsPort => {
    let stored: StoredGrant | undefined;
    return {
      renew: async (_key, refresh) => {
        stored = await refresh(stored, NO_RENEWAL);
        return stored;
      },
    };
  };
  const sent = () => tokenRequests().map(({ body }) => new URLSearchParams(body).get('refresh_token'));

  it('gives tokens, and is replaced by the one that the server sends', async () => {
    more = { refresh_token: 'refresh-1111', expires_in: 3600 };
    const call = await open({ oauth: oauth({ grant: 'refresh_token' }) }, environment({ grants: shared() }));
    await call();
    valid.clear();
    await call();
    expect(sent()).toEqual(['refresh-0000', 'refresh-1111']);
  });

  it('that is no longer valid says what to do', async () => {
    const grant = 'refresh_token';
    const call = await open({ oauth: oauth({ token_url: `${server.url}/spent`, grant }) });
    await expect(call()).rejects.toThrow(
      /invalid_grant.*has expired, was revoked.*Sign in again .* secrets\.refresh_token/,
    );
  });

  it('whose replacement a worker has lost says so, and when', async () => {
    const grant = 'refresh_token';
    const answers: string[] = [];
    const renewal = {
      begin: async () => Date.parse('2026-01-02T03:04:05.000Z'),
      refused: async () => void answers.push('refused'),
    };
    const grants: GrantsPort = { renew: async (_key, refresh) => refresh(undefined, renewal) };
    const at = async (path: string) =>
      open({ oauth: oauth({ token_url: `${server.url}${path}`, grant }) }, environment({ grants }));
    await expect((await at('/spent'))()).rejects.toThrow(
      /began at 2026-01-02T03:04:05.000Z, and its worker ended before .* is lost\. Sign in again/,
    );
    expect(answers).toEqual([]);
    // Another refusal does not show that the token is good.
    await expect((await at('/refuses'))()).rejects.toThrow(/invalid_client/);
    expect(answers).toEqual([]);
  });

  it('that was only revoked is told as that, each time', async () => {
    let asking: number | undefined;
    const renewal = {
      begin: async () => {
        const before = asking;
        asking ??= Date.parse('2026-01-02T03:04:05.000Z');
        return before;
      },
      refused: async () => {
        asking = undefined;
      },
    };
    const grants: GrantsPort = { renew: async (_key, refresh) => refresh(undefined, renewal) };
    const tool = { oauth: oauth({ token_url: `${server.url}/spent`, grant: 'refresh_token' as const }) };
    const call = await open(tool, environment({ grants }));
    await expect(call()).rejects.toThrow(/has expired, was revoked/);
    await expect(call()).rejects.toThrow(/has expired, was revoked/);
  });

  it('that was replaced is used by other workers, and after a restart', async () => {
    const grants = shared();
    const worker = async () => {
      const other = createEgress({ allow: ['127.0.0.1'] });
      const call = await open(
        { oauth: oauth({ grant: 'refresh_token' }) },
        environment({ grants, egress: other }),
      );
      return { call, close: () => other.close() };
    };
    more = { refresh_token: 'refresh-1111', expires_in: 3600 };
    const [one, two] = [await worker(), await worker()];
    await one.call();
    expect(await two.call()).toMatchObject({ status: 200 });
    expect(sent()).toEqual(['refresh-0000']);

    // One worker renews what the server has ended; the other takes over the new token.
    valid.clear();
    more = { refresh_token: 'refresh-2222', expires_in: 3600 };
    await two.call();
    await one.call();
    expect(sent()).toEqual(['refresh-0000', 'refresh-1111']);

    await one.close();
    await two.close();
    valid.clear();
    const three = await worker();
    expect(await three.call()).toMatchObject({ status: 200 });
    expect(sent()).toEqual(['refresh-0000', 'refresh-1111', 'refresh-2222']);
    await three.close();
  });

  it('whose turn never comes is told', async () => {
    const call = await open(
      { oauth: oauth({ grant: 'refresh_token' }) },
      environment({ grants: { renew: async () => undefined } }),
    );
    await expect(call()).rejects.toThrow('another worker');
  });
});

it('an openapi tool sends its token', async () => {
  const spec = JSON.stringify({
    openapi: '3.1.0',
    servers: [{ url: server.url }],
    paths: { '/orders': { get: { operationId: 'orders' } } },
  });
  const config = { type: 'openapi', name: 'api', spec, operations: ['orders'], oauth: oauth() } as const;
  const call = caller(
    await openApiTool.open({ ...config, operations: ['orders'] }, environment(), { signal }),
  );
  expect(await call('orders', {})).toMatchObject({ status: 200, body: { echo: '[redacted]' } });
});

describe('an mcp tool', () => {
  const mcp = mcpFixture();

  it('sends its token with each request, and another one after 401', async () => {
    const real = await mcp.serve('http');
    const url = await mcp.serveByHand(async ({ method, headers, body }, response) => {
      const token = headers.authorization?.slice('Bearer '.length) ?? '';
      if (!valid.has(token)) return void response.writeHead(401).end();
      const forwarded = Object.fromEntries(
        ['accept', 'content-type', 'mcp-session-id', 'mcp-protocol-version'].flatMap((name) =>
          typeof headers[name] === 'string' ? [[name, headers[name]]] : [],
        ),
      );
      const answer = await fetch(real.url, {
        method,
        headers: forwarded,
        ...(method === 'POST' && { body }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    const env = environment({ egress });
    const opened = await mcp.open({ url, oauth: oauth() }, undefined, env);
    valid.clear();
    expect(await caller(opened)('srv_add', { a: 1, b: 2 })).toMatchObject({ structured_content: { sum: 3 } });
    expect(tokenRequests()).toHaveLength(2);
  });
});
