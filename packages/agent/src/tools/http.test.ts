import type { HttpTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Answer, type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { httpTool } from './http.js';
import { ToolError } from './tool.js';

const KEY = 'k3y/with+signs&"quotes"';
const PASSWORD = 'p4ss word';

let egress: Egress;
let server: RecordingServer;
let answer: Answer;
beforeEach(async () => {
  egress = createEgress({ allow: ['127.0.0.1'] });
  answer = () => ({ ok: true });
  server = await startRecordingServer((request, response) => answer(request, response));
});
afterEach(async () => {
  await server.close();
  await egress.close();
});

const open = (config: Partial<HttpTool>, payload: unknown = {}) =>
  httpTool.open(
    { type: 'http', name: 'call', method: 'GET', url: `${server.url}/x`, ...config },
    toolEnvironment({ egress, payload, secrets: { key: KEY, password: PASSWORD, digits: '99887766' } }),
    { signal: new AbortController().signal },
  );
const call = async (config: Partial<HttpTool>, args: Record<string, unknown> = {}, payload: unknown = {}) =>
  caller(await open(config, payload))('call', args);
const sent = () => server.requests[0];

describe('redirects of a tool with secrets', () => {
  let other: RecordingServer;
  beforeEach(async () => {
    other = await startRecordingServer(() => ({ got: 'it' }));
  });
  afterEach(() => other.close());

  test.each([301, 302, 303, 307, 308])(
    '%i to another origin is reported, and nothing is sent there',
    async (status) => {
      answer = (_, response) => void response.writeHead(status, { location: `${other.url}/next` }).end();
      const request = {
        method: 'POST',
        url: `${server.url}/x?k={{ secrets.digits }}`,
        headers: { 'X-Key': '{{ secrets.key }}' },
        body: '{"password": "{{ secrets.password }}"}',
      } as const;
      const error = await call(request).catch((thrown: Error) => thrown);
      expect(error).toBeInstanceOf(ToolError);
      expect((error as Error).message).toContain(`another origin, ${other.url}`);
      expect(server.requests).toHaveLength(1);
      expect(other.requests).toHaveLength(0);
    },
  );

  test('are followed within the origin, including body and headers', async () => {
    answer = ({ path }, response) =>
      path === '/x' ? void response.writeHead(307, { location: '/next' }).end() : { ok: true };
    const body = '{"password": "{{ secrets.password }}"}';
    const result = await call({ method: 'POST', headers: { 'X-Key': '{{ secrets.key }}' }, body });
    expect(result).toMatchObject({ status: 200, body: { ok: true } });
    expect(server.requests[1]).toMatchObject({
      path: '/next',
      headers: { 'x-key': KEY },
      body: `{"password": "${PASSWORD}"}`,
    });
  });

  test('to another origin are followed by a tool without secrets, without the body', async () => {
    answer = (_, response) => void response.writeHead(302, { location: `${other.url}/next` }).end();
    const opened = await httpTool.open(
      { type: 'http', name: 'call', method: 'POST', url: `${server.url}/x`, headers: { 'X-A': '1' } },
      toolEnvironment({ egress }),
      { signal: new AbortController().signal },
    );
    expect(await caller(opened)('call', { a: 1 })).toMatchObject({ status: 200, body: { got: 'it' } });
    expect(other.requests[0]).toMatchObject({ method: 'GET', body: '' });
    expect(other.requests[0]?.headers).not.toHaveProperty('x-a');
  });
});

describe('the request', () => {
  test('is rendered from args, payload and secrets', async () => {
    const result = await call(
      {
        method: 'POST',
        url: `${server.url}/repos/{{ payload.repo }}/issues?a=1`,
        query: { q: '{{ args.q }}', optional: '{{ args.none }}' },
        headers: { 'X-Key': '{{ secrets.key }}', 'X-None': '{{ args.none }}' },
        body: '{"title": "{{ args.title }}"}',
      },
      { q: 'a&b', title: 'Say "hi"' },
      { repo: 'o/r' },
    );
    expect(sent()).toMatchObject({
      method: 'POST',
      path: '/repos/o%2Fr/issues?a=1&q=a%26b',
      headers: { 'x-key': KEY, 'content-type': 'application/json' },
      body: '{"title": "Say \\"hi\\""}',
    });
    expect(sent()?.headers).not.toHaveProperty('x-none');
    expect(result).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { ok: true },
    });
  });

  test('sends the arguments as JSON if there is no body template, and no body with GET', async () => {
    await call({ method: 'PUT' }, { a: [1] });
    await call({ method: 'GET', body: '{{ args.a }}' }, { a: 1 });
    expect(server.requests.map(({ body }) => body)).toEqual(['{"a":[1]}', '']);
  });

  test.each([
    [{ headers: { 'x-a': '{{ args.x }}' } }, { x: 'a\r\nx-admin: 1' }, /header x-a cannot contain/],
    [{ headers: { 'x-a': '{{ args.x }}' } }, { x: 'snow ☃' }, /header x-a cannot contain/],
    [{ url: 'http://127.0.0.1/{{ args.x }}' }, { x: '../admin' }, /must not contain/],
    [{ url: '{{ args.x | raw }}' }, { x: 'http://127.0.0.1/' }, /must contain its host/],
    [{ url: 'http://169.254.169.254/latest/' }, {}, /Refused.*EGRESS_ALLOW/],
    [{ url: 'http://u:p@127.0.0.1/' }, {}, /user name or password/],
    [{ body: '{{ args.x | date: 5 | nope }}', method: 'POST' as const }, {}, /template of the body/],
  ])('is not sent if that would be wrong: %j', async (config, args, message) => {
    const error = await call(config, args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ToolError);
    expect((error as Error).message).toMatch(message);
    expect(server.requests).toHaveLength(0);
  });

  test('is safe to repeat if it changes nothing, or if the operator says so', async () => {
    const safety = async (config: Partial<HttpTool>) => (await open(config)).tools[0]?.repeat_safe;
    expect(await safety({ method: 'GET' })).toBe(true);
    expect(await safety({ method: 'HEAD' })).toBe(true);
    expect(await safety({ method: 'DELETE' })).toBe(false);
    expect(await safety({ method: 'POST', repeat_safe: true })).toBe(true);
    expect(await safety({ method: 'GET', repeat_safe: false })).toBe(false);
  });

  test('ends when the run does', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const opened = await open({});
    await expect(caller(opened)('call', {}, controller.signal)).rejects.toThrow('The request was cancelled.');
  });
});

describe('the answer', () => {
  const reply = (type: string, body: string | Buffer, status = 200) => {
    answer = (_, response) => void response.writeHead(status, { 'content-type': type }).end(body);
  };

  test.each([
    ['text', 'text/plain; charset=latin1', Buffer.from('caf\xe9', 'latin1'), 'café'],
    ['broken JSON', 'application/json', '{"a":', '{"a":'],
    ['a problem', 'application/problem+json', '{"a":1}', { a: 1 }],
    ['a PDF', 'application/pdf', '%PDF-1.7', '[application/pdf, 8 bytes, not shown]'],
    ['an image sent as text', 'text/plain', Buffer.from([1, 0, 2]), '[text/plain, 3 bytes, not shown]'],
    [
      'deep nesting',
      'application/json',
      '['.repeat(500) + ']'.repeat(500),
      '['.repeat(500) + ']'.repeat(500),
    ],
  ])('is shown in a form for the model: %s', async (_name, type, body, shown) => {
    reply(type, body);
    expect(await call({})).toMatchObject({ body: shown });
  });

  test('keeps the digits of its numbers', async () => {
    reply('application/json', '{"id": 12345678901234567890, "ids": [9007199254740993, 1.10]}');
    const { body } = (await call({})) as { body: unknown };
    expect(JSON.stringify(body)).toBe('{"id":12345678901234567890,"ids":[9007199254740993,1.1]}');
  });

  test('may be empty', async () => {
    answer = (_, response) => void response.writeHead(204).end();
    expect(await call({})).toEqual({ status: 204, headers: {} });
  });

  test('is cut if it is long, and says so', async () => {
    reply('text/plain', 'a'.repeat(30_000));
    expect(await call({})).toMatchObject({
      body: 'a'.repeat(20_000),
      note: 'Only the first 20000 of 30000 characters of the body are shown.',
    });
    reply('text/plain', 'a'.repeat(2_000_000));
    expect(await call({})).toMatchObject({ note: expect.stringMatching(/longer than 1048576 bytes/) });
  });

  test('is an error with status and beginning if it failed', async () => {
    reply('application/json', JSON.stringify({ message: 'No such repo', long: 'x'.repeat(5_000) }), 404);
    const error = (await call({}).catch((thrown: unknown) => thrown)) as Error;
    expect(error).toBeInstanceOf(ToolError);
    expect(error.message).toMatch(/^HTTP 404 Not Found: \{"message":"No such repo"/);
    expect(error.message.length).toBeLessThan(2_100);
  });
});

describe('secrets', () => {
  const config = {
    url: 'SERVER/x?key={{ secrets.key }}',
    headers: {
      authorization: "Basic {{ 'user:' | append: secrets.password | base64_encode }}",
      'x-digest': '{{ secrets.key | sha256 }}',
    },
  };
  const basic = Buffer.from(`user:${PASSWORD}`).toString('base64');

  test.each([200, 400])('with status %i contains no secrets', async (status) => {
    answer = ({ path, headers }, response) => {
      const echo = {
        path,
        headers,
        [KEY]: [PASSWORD],
        number: 99887766,
        base64: Buffer.from(KEY).toString('base64'),
      };
      response
        .writeHead(status, { 'content-type': 'application/json', location: path })
        .end(JSON.stringify(echo));
    };
    const told = await call({ ...config, url: config.url.replace('SERVER', server.url) }).catch(
      (error: Error) => error.message,
    );
    expect(sent()?.headers.authorization).toBe(`Basic ${basic}`);
    const text = JSON.stringify(told);
    expect(text).toContain('[redacted]');
    const digest = String(sent()?.headers['x-digest']);
    for (const secret of [KEY, PASSWORD, basic, digest, encodeURIComponent(KEY), 'k3y', 'p4ss', '99887766'])
      expect(text).not.toContain(secret);
  });

  test('that never came reveals no secrets in its error', async () => {
    const error = await call({ url: `http://{{ secrets.digits }}.example:1/{{ secrets.key }}` }).catch(
      (thrown: Error) => thrown.message,
    );
    expect(error).toMatch(/\[redacted\]/);
    expect(error).not.toMatch(/99887766|k3y/);
  });
});
