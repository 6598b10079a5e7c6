import type { WebSearchTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { webSearchTool } from './web-search.js';

const KEY = 'search-key-4711';

let egress: Egress;
let server: RecordingServer;

beforeEach(() => {
  egress = createEgress({ allow: ['127.0.0.1'] });
});

afterEach(async () => {
  await server?.close();
  await egress.close();
});

async function open(engine: WebSearchTool['engine'], answer: Answer, more: Partial<WebSearchTool> = {}) {
  server = await startRecordingServer(answer);
  return webSearchTool.open(
    { type: 'web_search', name: 'search', engine, base_url: `${server.url}/`, ...more },
    toolEnvironment({ egress, secrets: engine === 'searxng' ? {} : { api_key: KEY } }),
    { signal: new AbortController().signal },
  );
}

const status = (code: number, body: unknown, headers: Record<string, string> = {}): Answer => {
  return (_, response) => void response.writeHead(code, headers).end(JSON.stringify(body));
};

describe('web search', () => {
  it('queries Brave as its API requires', async () => {
    const found = {
      title: 'A <strong>b</strong> &amp; c',
      url: 'https://a.example/',
      description: `it&#x27;s ${KEY}`,
    };
    const opened = await open('brave', () => ({ web: { results: [found] } }), { max_results: 3 });
    expect(await caller(opened)('search', { query: ' what & why? ' })).toEqual({
      results: [{ title: 'A b & c', url: 'https://a.example/', snippet: "it's [redacted]" }],
    });
    const { method = '', path = '', headers } = server.requests[0] ?? {};
    const { pathname, searchParams } = new URL(path, server.url);
    expect([method, pathname]).toEqual(['GET', '/res/v1/web/search']);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      q: 'what & why?',
      count: '3',
      result_filter: 'web',
    });
    expect(headers?.['x-subscription-token']).toBe(KEY);
    expect(opened.tools[0]).toMatchObject({ repeat_safe: true, parameters: { required: ['query'] } });
  });

  it('sends the key to no other origin', async () => {
    const other = await startRecordingServer(() => ({ web: { results: [] } }));
    const opened = await open('brave', (_, response) => {
      response.writeHead(302, { location: `${other.url}/res` }).end();
    });
    const search = caller(opened)('search', { query: 'x' });
    await expect(search).rejects.toThrow(`another origin, ${other.url}`);
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  it('queries Tavily as its API requires', async () => {
    const results = [{ title: 'T', url: 'https://t.example/', content: 'x'.repeat(3_000), score: 0.9 }];
    const call = caller(await open('tavily', () => ({ results })));
    const answer = (await call('search', { query: 'q' })) as { results: { snippet: string }[] };
    expect(answer.results[0]?.snippet).toBe(`${'x'.repeat(999)}…`);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/search' });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ query: 'q', max_results: 5 });
  });

  it('queries SearXNG as its API requires, and cuts its list, whose length cannot be requested', async () => {
    const result = (n: number) => ({ title: `T${n}`, url: `https://s.example/${n}`, content: null });
    const results = [{ url: 'javascript:alert(1)' }, 'rubbish', ...[1, 2, 3, 4].map(result)];
    const call = caller(await open('searxng', () => ({ results }), { max_results: 2 }));
    expect(await call('search', { query: 'a b' })).toEqual({
      results: [
        { title: 'T1', url: 'https://s.example/1', snippet: '' },
        { title: 'T2', url: 'https://s.example/2', snippet: '' },
      ],
    });
    expect(server.requests[0]?.path).toBe('/search?q=a+b&format=json');
  });

  it.each<[WebSearchTool['engine'], string, Answer, RegExp]>([
    [
      'brave',
      'an unknown key',
      status(422, { error: { code: 'SUBSCRIPTION_TOKEN_INVALID' } }),
      /Set secrets\.api_key/,
    ],
    [
      'brave',
      'too many requests',
      status(429, {}, { 'retry-after': '7' }),
      /too many requests.* in 7 seconds/,
    ],
    ['tavily', 'an unknown key', status(401, { detail: KEY }), /Tavily refused.*Set secrets\.api_key/],
    ['tavily', 'a used-up plan', status(432, {}), /usage limit/],
    ['searxng', 'a format that is off', status(403, {}), /search\.formats/],
    ['searxng', 'a page', (_, response) => void response.end('<html>'), /not JSON/],
    ['searxng', 'an error', status(500, {}), /HTTP 500/],
  ])('says what to do if %s answers with %s', async (engine, _name, answer, message) => {
    const call = caller(await open(engine, answer));
    await expect(call('search', { query: 'q' })).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringMatching(message),
    });
  });

  it('finds nothing without failing, whatever the shape of the answer', async () => {
    const call = caller(await open('brave', () => ({ web: { results: { a: 1 } } })));
    expect(await call('search', { query: 'q' })).toEqual({ results: [] });
    await expect(call('search', { query: ' ' })).rejects.toMatchObject({ name: 'ToolError' });
  });

  it('does not open with missing settings', async () => {
    const env = toolEnvironment({ egress });
    const options = { signal: new AbortController().signal };
    const config = { type: 'web_search', name: 's' } as const;
    await expect(webSearchTool.open({ ...config, engine: 'brave' }, env, options)).rejects.toThrow(
      'secrets.api_key',
    );
    await expect(webSearchTool.open({ ...config, engine: 'searxng' }, env, options)).rejects.toThrow(
      'base_url',
    );
  });
});
