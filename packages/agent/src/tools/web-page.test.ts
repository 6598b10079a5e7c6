import type { WebPageTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { webPageTool } from './web-page.js';

let egress: Egress;
let server: RecordingServer;
let answer: { status?: number; headers?: Record<string, string>; body: string | Buffer };
beforeEach(async () => {
  egress = createEgress({ allow: ['127.0.0.1'] });
  server = await startRecordingServer((_, response) => {
    response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body);
  });
});
afterEach(async () => {
  await server.close();
  await egress.close();
});

const read = async (config: Partial<WebPageTool> = {}, url: unknown = `${server.url}/page`) =>
  caller(
    await webPageTool.open({ type: 'web_page', name: 'read', ...config }, toolEnvironment({ egress }), {
      signal: new AbortController().signal,
    }),
  )('read', { url });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'it did not fail',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('web_page', () => {
  test('fetches only from allowed hosts, and follows redirects only to them', async () => {
    const { port } = new URL(server.url);
    answer = { status: 302, headers: { location: `http://localhost:${port}/next` }, body: '' };
    expect(await failure(read({ allowed_hosts: ['127.0.0.1'] }))).toBe(
      'EgressError: Refused: localhost is not among the allowed hosts.',
    );
    expect(server.requests).toHaveLength(1);
    expect(await failure(read({ allowed_hosts: ['*.example.com'] }))).toContain('127.0.0.1 is not among');
    expect(server.requests).toHaveLength(1);
    answer = { body: 'text' };
    expect(await read({ allowed_hosts: ['127.0.0.1', 'docs.example.com'] })).toMatchObject({ text: 'text' });
    const { tools } = await webPageTool.open(
      { type: 'web_page', name: 'read', allowed_hosts: ['docs.example.com'] },
      toolEnvironment({ egress }),
      { signal: new AbortController().signal },
    );
    expect(tools[0]?.description).toContain('docs.example.com');
  });

  test('returns the title, URL and text of a page', async () => {
    answer = {
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<title>T</title><h1>Hi</h1><p>Text',
    };
    expect(await read()).toEqual({ url: `${server.url}/page`, title: 'T', text: '# Hi\n\nText' });
    expect(server.requests[0]?.headers['user-agent']).toMatch(/AgentHook/);
  });

  test.each([
    ['a header', 'text/html; charset=windows-1251', Buffer.from([0xcf, 0xf0, 0xe8]), 'При'],
    ['a meta element', 'text/html', Buffer.from('<meta charset="iso-8859-1"><p>caf\xe9', 'latin1'), 'café'],
    ['a byte order mark', 'text/html', Buffer.from('\ufeff<p>hé', 'utf16le'), 'hé'],
    ['nothing, if it is UTF-8', 'text/html', Buffer.from('<p>日本'), '日本'],
    ['nothing, if it is not UTF-8', 'text/html', Buffer.from('<p>caf\xe9', 'latin1'), 'café'],
    ['an unknown name', 'text/html; charset=nonsense', Buffer.from('<p>é'), 'é'],
    ['Japanese', 'text/html; charset=Shift_JIS', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
  ])('reads a charset from %s', async (_name, type, body, text) => {
    answer = { headers: { 'content-type': type }, body };
    expect(await read()).toMatchObject({ text });
  });

  test.each([
    ['text/plain', ' # as it is <b>\n', '# as it is <b>'],
    ['text/markdown; charset=utf-8', '# *hi*', '# *hi*'],
    ['application/json', '{"a": "<p>"}', '{"a": "<p>"}'],
    ['application/rss+xml', '<rss><title>x</title></rss>', '<rss><title>x</title></rss>'],
  ])('passes %s through', async (type, body, text) => {
    answer = { headers: { 'content-type': type }, body };
    expect(await read()).toEqual({ url: `${server.url}/page`, text });
  });

  test('recognises HTML without a type', async () => {
    answer = { body: '\n<!DOCTYPE html><p>Hi' };
    expect(await read()).toMatchObject({ text: 'Hi' });
  });

  test.each([
    ['application/pdf', '%PDF-1.7', 'application/pdf, 8 bytes'],
    ['image/png', 'x', 'image/png, 1 bytes'],
    ['text/html', '%PDF-1.7', 'text/html, 8 bytes'],
    ['text/plain', 'a\0b', 'text/plain, 3 bytes'],
    ['', 'PK\x03\x04', 'binary data, 4 bytes'],
  ])('refuses a file sent as "%s"', async (type, body, described) => {
    answer = { headers: type === '' ? {} : { 'content-type': type }, body };
    expect(await failure(read())).toBe(
      `ToolError: This is not a page but a file (${described}); only web pages and texts can be read.`,
    );
  });

  test('cuts long texts, and says so', async () => {
    answer = { headers: { 'content-type': 'text/html' }, body: `<p>${'word '.repeat(2_000)}` };
    const note = 'Only the first 600 of 9999 characters are shown.';
    expect(await read({ max_characters: 600 })).toMatchObject({ text: 'word '.repeat(120), note });
    answer = { headers: { 'content-type': 'text/html' }, body: `<p>x${'<br>'.repeat(1_000_000)}` };
    expect(await read()).toMatchObject({ text: 'x', note: expect.stringMatching(/too large/) });
  });

  test('reports a page without readable text', async () => {
    answer = { headers: { 'content-type': 'text/html' }, body: '<div id=root></div><script src=x></script>' };
    expect(await read()).toMatchObject({ text: '', note: expect.stringMatching(/JavaScript/) });
  });

  test('reports a failing server, a refused URL and an invalid URL', async () => {
    answer = { status: 429, headers: { 'retry-after': '30' }, body: '<p>no' };
    expect(await failure(read())).toBe(
      'ToolError: The page could not be fetched: HTTP 429 Too Many Requests (retry after 30)',
    );
    expect(await failure(read({}, 'http://169.254.169.254/'))).toMatch(/^EgressError: Refused/);
    expect(await failure(read({}, 'file:///etc/passwd'))).toMatch(/Only http and https/);
    expect(await failure(read({}, 'site.example'))).toMatch(/The URL is not valid/);
    expect(await failure(read({}, 7))).toMatch(/^ToolError/);
  });
});
