import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentBody, type Stack, sendRaw, sharedStack, until } from '../index.js';

/** Requests as senders send them, as bytes over a socket. */

let stack: Stack;
let agent: AgentBody;
let token: string;

beforeAll(async () => {
  stack = await sharedStack();
  agent = await stack.createAgent({
    name: 'Inbound',
    input_template: '{{ payload | json }} {{ headers | json }} {{ query | json }}',
  });
  ({ token } = await stack.mintWebhook(agent.id));
});
afterAll(() => stack?.stop());

const fixture = (name: string, to = token): Buffer => {
  const text = readFileSync(new URL(`./inbound/${name}.http`, import.meta.url), 'latin1');
  return Buffer.from(text.replaceAll('whk_TOKEN', to), 'latin1');
};

const request = (head: string[], body: string | Buffer = '', path = ''): Buffer => {
  const bytes = Buffer.from(body);
  const lines = [
    `POST /api/webhooks/agents/${token}${path} HTTP/1.1`,
    'Host: hooks.example.com',
    ...head,
    `Content-Length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
};

interface Trace {
  payload: unknown;
  headers: Record<string, string>;
  query: Record<string, string>;
  prompt: { user: string };
}

/** Sends bytes and returns the trace of the task, once it has run. */
async function traceOf(bytes: Buffer): Promise<Trace> {
  const { status, body } = await sendRaw(stack.url, bytes);
  expect([status, body]).toEqual([200, expect.stringContaining('task_id')]);
  const { task_id } = JSON.parse(body) as { task_id: string };
  await stack.poll(task_id);
  return (await stack.request<Trace & Record<string, unknown>>('GET', `/api/tasks/${task_id}`)).body;
}
async function refused(bytes: Buffer): Promise<{ status: number; code: string; detail: string }> {
  const { status, headers, body } = await sendRaw(stack.url, bytes);
  expect(headers['content-type']).toContain('application/problem+json');
  return { status, ...JSON.parse(body) };
}
const rejections = async () => {
  const page = await stack.request<{ rejections: { id: string; code: string; body: string }[] }>(
    'GET',
    `/api/agents/${agent.id}/rejections`,
  );
  return page.body.rejections;
};

const HELLO = { event: 'ping', text: 'hello Zoë' };

describe('what arrives', () => {
  test.each<[string, unknown]>([
    ['json', HELLO],
    ['json-cloudevents', expect.objectContaining({ specversion: '1.0', data: { n: 1 } })],
    ['json-without-type', HELLO],
    ['json-as-text', expect.objectContaining({ Type: 'SubscriptionConfirmation', MessageId: '165545c9' })],
    ['json-gzip', HELLO],
    ['json-utf16', HELLO],
    ['json-latin1', { name: 'Zoë' }],
    ['json-constructor', { constructor: { name: 'Ferrari' } }],
    ['empty-content-encoding', HELLO],
    ['trailing-slash', { a: 1 }],
    ['text', 'Monitor Storage size monitor just entered alert status.\n- Severity: 1\n'],
    ['ndjson', '{"a":1}\n{"a":2}\n'],
    ['multipart', { formID: '1', submissionID: '2', rawRequest: '{"q3_name":"Ada"}', pretty: 'Name:Ada' }],
    ['form-own-charset', expect.objectContaining({ address_name: 'Pepe García', address_city: 'München' })],
    ['form-unescaped', { topic: 'case updated', data: 'Case 2 <a>私のホバークラフト</a>' }],
    ['form-with-json', { payload: '{"action":"opened","issue":{"title":"It breaks — ñ"}}' }],
  ])('%s', async (name, payload) => {
    const trace = await traceOf(fixture(name));
    expect(trace.payload).toEqual(payload);
    expect(trace.prompt.user).not.toContain('\ufffd');
  });

  test.each(['json-long-numbers', 'json-decimals'])('%s, every digit of it', async (name) => {
    const bytes = fixture(name);
    const sent = bytes.toString().slice(bytes.indexOf('{'));
    const { user } = (await traceOf(bytes)).prompt;
    for (const [digits] of sent.matchAll(/-?[\d.e]{4,}|-\d+/g))
      expect(user).toContain(digits === '1.10' ? '1.1' : digits);
  });

  const json = JSON.stringify(HELLO);
  test.each<[string, string[], string | Buffer]>([
    ['deflate', ['Content-Encoding: deflate'], deflateSync(json)],
    ['deflate without its header', ['Content-Encoding: deflate'], deflateRawSync(json)],
    ['br', ['Content-Encoding: br'], brotliCompressSync(json)],
    ['x-gzip', ['Content-Encoding: X-GZIP'], gzipSync(json)],
    ['two codings', ['Content-Encoding: deflate, gzip'], gzipSync(deflateSync(json))],
    ['identity', ['Content-Encoding: identity'], json],
    ['a Content-Type that is none', ['Content-Type: json'], json],
    ['an empty Content-Type', ['Content-Type: '], json],
    ['chunks', ['Content-Type: application/json', 'X-A: b'], json],
    ['JSON called a form, as curl -d calls it', ['Content-Type: application/x-www-form-urlencoded'], json],
  ])('%s', async (_name, head, body) => {
    expect((await traceOf(request(head, body))).payload).toEqual(HELLO);
  });

  test('a large compressed body', async () => {
    const big = { text: 'ü'.repeat(200_000) };
    const head = ['Content-Encoding: gzip', 'Content-Type: application/json'];
    expect((await traceOf(request(head, gzipSync(JSON.stringify(big))))).payload).toEqual(big);
  });
});

describe('what is readable beside the payload', () => {
  test('the query string, in template, trace and replay', async () => {
    const bytes = fixture('query');
    const trace = await traceOf(bytes);
    expect(trace.query).toEqual({ source: 'crm', env: 'prod' });
    expect(trace.prompt.user).toContain('"source":"crm"');
    const { body } = await sendRaw(stack.url, bytes);
    const { task_id } = JSON.parse(body) as { task_id: string };
    const replay = await stack.request<{ task_id: string }>('POST', `/api/tasks/${task_id}/replay`, {});
    const shown = await stack.request<Trace & Record<string, unknown>>(
      'GET',
      `/api/tasks/${replay.body.task_id}`,
    );
    expect(shown.body.query).toEqual({ source: 'crm', env: 'prod' });
  });

  test('but no credential in it', async () => {
    const trace = await traceOf(
      request(['Content-Type: application/json'], '{"a":1}', '?token=s3cret&from=x&from=y'),
    );
    expect(trace.query).toEqual({ from: ['x', 'y'] });
    expect(JSON.stringify(trace)).not.toContain('s3cret');
  });

  test('headers, but none that may hold a credential or an address', async () => {
    const shown = {
      'linear-event': 'Issue',
      'sentry-hook-resource': 'error',
      'ce-type': 'com.example.created',
      'x-goog-resource-state': 'exists',
      'aeg-event-type': 'Notification',
      'x-amz-sns-message-type': 'Notification',
      'x-wc-webhook-topic': 'order.created',
    };
    const hidden = {
      Authorization: 'Bearer s3cret',
      Cookie: 'session=s3cret',
      'X-Gitlab-Token': 's3cret',
      'X-Api-Key': 's3cret',
      'X-Hub-Signature-256': 'sha256=s3cret',
      'X-Goog-Channel-Token': 's3cret',
      'X-Amz-Security-Token': 's3cret',
      'CF-Connecting-IP': '192.0.2.7',
      Forwarded: 'for=192.0.2.7',
      'True-Client-IP': '192.0.2.7',
    };
    const head = Object.entries({ ...shown, ...hidden }).map(([name, value]) => `${name}: ${value}`);
    const trace = await traceOf(request([...head, `X-Long: ${'x'.repeat(8 * 1024)}`], '{}'));
    expect(trace.headers).toEqual(shown);
    expect(trace.prompt.user).toContain('com.example.created');
    expect(JSON.stringify(trace)).not.toMatch(/s3cret|192\.0\.2/);
  });
});

describe('what is refused', () => {
  test.each<[string, number, string, string]>([
    ['json-nan', 400, 'invalid_json', 'line 1, column 6'],
    ['json-trailing-comma', 400, 'invalid_json', 'line 1, column 8'],
    ['json-null', 400, 'invalid_json', 'null'],
    ['json-proto', 400, 'invalid_json', 'prototype'],
    ['json-too-deep', 400, 'payload_too_deep', '64 levels'],
    ['empty', 400, 'empty_body', 'no body'],
    ['empty-with-headers', 400, 'empty_body', 'no body'],
    ['no-host', 400, 'invalid_request', 'Host'],
    ['unknown-expectation', 417, 'expectation_failed', 'Expect'],
  ])('%s', async (name, status, code, detail) => {
    expect(await refused(fixture(name))).toMatchObject({
      status,
      code,
      detail: expect.stringContaining(detail),
    });
  });

  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  test.each<[string, string[], string | Buffer, number, string, string]>([
    ['a broken gzip', ['Content-Encoding: gzip'], '{"a":1}', 400, 'invalid_encoding', 'gzip'],
    [
      'half a gzip',
      ['Content-Encoding: gzip'],
      gzipSync('{"a":1}').subarray(0, 15),
      400,
      'invalid_encoding',
      'gzip',
    ],
    ['an unknown coding', ['Content-Encoding: lzma'], '{"a":1}', 415, 'unsupported_media_type', '"lzma"'],
    [
      'a bomb',
      ['Content-Encoding: gzip'],
      gzipSync('0'.repeat(20_000_000)),
      413,
      'payload_too_large',
      '1 MiB',
    ],
    [
      'a bomb in a bomb',
      ['Content-Encoding: br, gzip'],
      gzipSync(brotliCompressSync('0'.repeat(20_000_000))),
      413,
      'payload_too_large',
      '1 MiB',
    ],
    ['text of another charset', ['Content-Type: text/plain'], latin1('Zo\xeb'), 400, 'invalid_text', 'UTF-8'],
    ['an unknown charset', ['Content-Type: text/plain; charset=utf-7'], 'a', 400, 'invalid_text', '"utf-7"'],
    [
      'a form with a forbidden name',
      ['Content-Type: application/x-www-form-urlencoded'],
      '__proto__=1',
      400,
      'invalid_form',
      '__proto__',
    ],
    [
      'a form of too many fields',
      ['Content-Type: application/x-www-form-urlencoded'],
      'a&'.repeat(1001),
      400,
      'invalid_form',
      '1,000',
    ],
    [
      'multipart without a boundary',
      ['Content-Type: multipart/form-data'],
      'a',
      400,
      'invalid_form',
      'boundary',
    ],
  ])('%s', async (_name, head, body, status, code, detail) => {
    expect(await refused(request(head, body))).toMatchObject({
      status,
      code,
      detail: expect.stringContaining(detail),
    });
  });

  test('413 reaches a sender that reads nothing before it has sent 12 MB', async () => {
    const bytes = request(['Content-Type: application/json'], Buffer.alloc(12_000_000, 0x20));
    expect(await refused(bytes)).toMatchObject({
      status: 413,
      code: 'payload_too_large',
      detail: expect.stringContaining('1 MiB'),
    });
  });

  test('runs with its exact bytes once the owner accepts it', async () => {
    await stack.request('PATCH', `/api/agents/${agent.id}`, { input_schema: { required: ['missing'] } });
    const sent = request(
      ['Content-Type: application/json; charset=iso-8859-1', 'Content-Encoding: gzip'],
      gzipSync(latin1('{"name":"Zo\xeb"}')),
      '?source=crm',
    );
    expect(await refused(sent)).toMatchObject({ status: 422 });
    await stack.request('PATCH', `/api/agents/${agent.id}`, { input_schema: null });
    const [kept] = await until('it is kept', async () => {
      const all = await rejections();
      return all[0]?.code === 'invalid_payload' ? all : undefined;
    });
    const path = `/api/agents/${agent.id}/rejections/${kept?.id}/accept`;
    const { body } = await stack.request<{ task_id: string }>('POST', path, {});
    const trace = await stack.request<Trace & Record<string, unknown>>('GET', `/api/tasks/${body.task_id}`);
    expect(trace.body).toMatchObject({ payload: { name: 'Zoë' }, query: { source: 'crm' } });
  });
});

test('an empty POST runs where the agent allows it, and its headers are readable', async () => {
  const empty = await stack.createAgent({ name: 'Push', allow_empty_body: true });
  const { token: to } = await stack.mintWebhook(empty.id);
  expect(await traceOf(fixture('empty-with-headers', to))).toMatchObject({
    payload: {},
    headers: { 'x-goog-resource-state': 'sync', 'x-goog-channel-id': 'ch1' },
  });
});

describe('one line of', () => {
  const run = promisify(execFile);
  const url = () => `${stack.url}/api/webhooks/agents/${token}`;
  const payloadOf = async (stdout: string) => {
    const { task_id } = JSON.parse(stdout) as { task_id: string };
    return (await stack.request('GET', `/api/tasks/${task_id}`)).body.payload;
  };

  test('curl -d', async () => {
    expect(await payloadOf((await run('curl', ['-sd', '{"a":"Zoë"}', url()])).stdout)).toEqual({ a: 'Zoë' });
    expect(await payloadOf((await run('curl', ['-sd', 'a=1&b=two words', url()])).stdout)).toEqual({
      a: '1',
      b: 'two words',
    });
  });

  test('curl -F', async () => {
    const file = new URL('./inbound/text.http', import.meta.url).pathname;
    const { stdout } = await run('curl', [
      '-s',
      '-F',
      'a=1',
      '-F',
      'a=2',
      '-F',
      `log=@${file};type=text/plain`,
      url(),
    ]);
    expect(await payloadOf(stdout)).toEqual({
      a: ['1', '2'],
      log: expect.objectContaining({
        filename: 'text.http',
        media_type: 'text/plain',
        bytes: readFileSync(file).length,
      }),
    });
  });

  test('fetch with a string, and with FormData', async () => {
    const posted = async (body: string | FormData) =>
      payloadOf(await (await fetch(url(), { method: 'POST', body })).text());
    expect(await posted('{"a":1}')).toEqual({ a: 1 });
    expect(await posted('words')).toBe('words');
    const form = new FormData();
    form.set('a', 'Zoë');
    form.set('f', new File(['x,y'], 'ü.csv', { type: 'text/csv' }));
    expect(await posted(form)).toEqual({
      a: 'Zoë',
      f: { filename: 'ü.csv', media_type: 'text/csv', bytes: 3, text: 'x,y' },
    });
  });

  test.each([
    ['a text', `data='{"a": "Zoë"}'.encode()`, { a: 'Zoë' }],
    ['a form', `data={"a": "Zoë"}`, { a: 'Zoë' }],
    [
      'a file',
      `files={"f": ("a.txt", "x")}, data={"a": "Zoë"}`,
      { a: 'Zoë', f: { filename: 'a.txt', media_type: 'application/octet-stream', bytes: 1, text: 'x' } },
    ],
  ])('requests.post with %s', async (_name, args, payload) => {
    const line = `import requests; print(requests.post(${JSON.stringify(url())}, ${args}).text)`;
    expect(await payloadOf((await run('python3', ['-c', line])).stdout)).toEqual(payload);
  });
});
