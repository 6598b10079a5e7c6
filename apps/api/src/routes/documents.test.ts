import { documentsOf } from '@agenthook/core';
import { makePdf } from '@agenthook/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let agentId: string;

beforeAll(async () => {
  env = await testApp();
});
beforeEach(async () => {
  await env.empty();
  agentId = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json().id;
});
afterAll(() => env.close());

const TEXT = { 'content-type': 'text/plain' };
const PDF = { 'content-type': 'application/pdf' };
const url = (name?: string, id = agentId) =>
  `/api/agents/${id}/documents${name === undefined ? '' : `?name=${encodeURIComponent(name)}`}`;
const upload = (payload: string | Buffer, headers: Record<string, string> = TEXT, name = 'a.txt') =>
  env.admin({ method: 'POST', url: url(name), headers, payload });
/** The passages that a run of the agent finds. Each of these texts is one passage. */
const found = async (query: string) =>
  (await documentsOf(env.ctx, agentId).search(query, 5, AbortSignal.timeout(10_000))).map(
    ({ passage }) => passage,
  );

describe('/api/agents/{id}/documents', () => {
  test('accepts a text, lists it and removes it', async () => {
    const added = await upload(
      '\ufeffGrüße,\r\nWelt\u0000!\n',
      { 'content-type': 'text/markdown; charset=utf-8' },
      'grüße.md',
    );
    expect(added.statusCode).toBe(201);
    const document = added.json();
    expect(document).toEqual({
      id: expect.stringMatching(/^doc_/),
      name: 'grüße.md',
      characters: 12,
      created_at: expect.stringMatching(/Z$/),
    });
    expect(await found('welt')).toEqual(['Grüße,\nWelt!']);
    const second = (await upload('b')).json();
    expect((await env.admin({ url: url() })).json()).toEqual({ documents: [second, document] });

    const one = `/api/agents/${agentId}/documents/${document.id}`;
    expect((await env.admin({ method: 'DELETE', url: one })).statusCode).toBe(204);
    expect((await env.admin({ method: 'DELETE', url: one })).json()).toMatchObject({
      status: 404,
      code: 'unknown_document',
    });
    expect((await env.admin({ url: url() })).json()).toEqual({ documents: [second] });
    expect(await found('b')).toEqual(['b']);
    expect(await found('welt')).toEqual([]);
  });

  test('extracts the text of a PDF', async () => {
    const added = await upload(makePdf([['Switch it off.'], ['Wait.']]), PDF, 'manual.pdf');
    expect(added.json()).toMatchObject({ name: 'manual.pdf', characters: 21 });
    expect(await found('switch')).toEqual(['Switch it off.\n\nWait.']);
  });

  test('looks into a file without a type of its own', async () => {
    const bytes = { 'content-type': 'application/octet-stream' };
    expect((await upload(makePdf([['Switch it off.']]), bytes)).json()).toMatchObject({ characters: 14 });
    expect((await upload('Wait.', bytes, 'b.txt')).json()).toMatchObject({ characters: 5 });
    expect(await found('switch')).toEqual(['Switch it off.']);
  });

  test('respects the charset', async () => {
    await upload(Buffer.from('Gr\u00fc\u00dfe', 'latin1'), {
      'content-type': 'text/plain; charset="ISO-8859-1"',
    });
    expect(await found('grüße')).toEqual(['Grüße']);
  });

  test('accepts more than a webhook’s body', async () => {
    expect((await upload('x'.repeat(2 * 1024 * 1024))).statusCode).toBe(201);
    expect(
      (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'x'.repeat(2e6) } }))
        .statusCode,
    ).toBe(413);
  });

  test.each<[string, string | Buffer, Record<string, string>, number, string, RegExp]>([
    ['nothing', '', TEXT, 400, 'empty_body', /send the file/],
    ['blanks', ' \n', TEXT, 422, 'unreadable_document', /no text/],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x41]), TEXT, 422, 'unreadable_document', /utf-8/],
    [
      'an unknown charset',
      'a',
      { 'content-type': 'text/plain; charset=klingon' },
      422,
      'unreadable_document',
      /klingon/,
    ],
    ['too much text', 'x'.repeat(2 * 1024 * 1024 + 1), TEXT, 413, 'document_too_large', /2 MiB/],
    [
      'a file that is too large',
      Buffer.alloc(10 * 1024 * 1024 + 1, 'x'),
      PDF,
      413,
      'document_too_large',
      /10 MiB/,
    ],
    ['JSON', '{}', { 'content-type': 'application/json' }, 415, 'unsupported_media_type', /text\/plain/],
    ['HTML', '<p>', { 'content-type': 'text/html' }, 415, 'unsupported_media_type', /application\/pdf/],
    ['no type', 'hi', {}, 415, 'unsupported_media_type', /text\/plain/],
    ['text labelled as a PDF', 'hi', PDF, 422, 'unreadable_document', /cannot be read as a PDF/],
    ['an encrypted PDF', makePdf([['x']], { encrypted: true }), PDF, 422, 'unreadable_document', /password/],
    ['a scan', makePdf([[]]), PDF, 422, 'unreadable_document', /scan/],
  ])('refuses %s and keeps nothing', async (_name, payload, headers, status, code, detail) => {
    const response = await upload(payload, headers);
    expect(response.json()).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
    expect(response.statusCode).toBe(status);
    expect((await env.admin({ url: url() })).json()).toEqual({ documents: [] });
  });

  test.each([undefined, '', ' ', 'a\nb', 'x'.repeat(201)])('refuses the name %j', async (name) => {
    const response = await env.admin({ method: 'POST', url: url(name), headers: TEXT, payload: 'x' });
    expect(response.json()).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(response.json().errors[0].path).toBe('/name');
  });

  test('is closed to strangers, and unknown for a missing agent', async () => {
    for (const [method, path] of [
      ['POST', '?name=a'],
      ['GET', ''],
      ['DELETE', '/doc_1'],
    ] as const) {
      const payload = method === 'POST' ? { payload: 'x', headers: TEXT } : {};
      const stranger = await env.app.inject({
        method,
        url: `/api/agents/${agentId}/documents${path}`,
        ...payload,
      });
      expect(stranger.json()).toMatchObject({ status: 401, code: 'unauthorized' });
      const nobody = await env.admin({ method, url: `/api/agents/agt_none/documents${path}`, ...payload });
      expect(nobody.json()).toMatchObject({ status: 404, code: 'unknown_agent' });
    }
  });

  test('keeps answering while a PDF is read', async () => {
    const lines = Array.from({ length: 40 }, (_, n) => `Line ${n} of a page that takes some time to read.`);
    const reading = upload(makePdf(Array(300).fill(lines)), PDF);
    let longest = 0;
    const isDone = reading.then(() => true);
    while (!(await Promise.race([isDone, new Promise((resolve) => setTimeout(resolve, 5, false))]))) {
      const started = performance.now();
      await env.app.inject('/healthz');
      longest = Math.max(longest, performance.now() - started);
    }
    expect((await reading).statusCode).toBe(201);
    expect(longest).toBeLessThan(500);
  });
});
