import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  type ModelServer,
  makePdf,
  type Stack,
  startAnthropicServer,
  startHttpServer,
  startOpenAiServer,
  startStack,
} from '../index.js';

/** Files that come with an event: to the model, to the owner, and gone with the task. */

type Body = FormData | Buffer<ArrayBuffer>;
const MIB = 1024 * 1024;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PDF = makePdf([['Invoice 4711']]);

let openAi: ModelServer;
let anthropic: ModelServer;
let stack: Stack;

beforeAll(async () => {
  openAi = await startOpenAiServer();
  anthropic = await startAnthropicServer();
  stack = await startStack({
    env: {
      OPENAI_API_KEY: 'sk-openai',
      OPENAI_BASE_URL: openAi.url,
      ANTHROPIC_API_KEY: 'sk-anthropic',
      ANTHROPIC_BASE_URL: anthropic.url,
      EGRESS_ALLOW: '127.0.0.1',
    },
  });
});
afterEach(() => {
  for (const server of [openAi, anthropic]) server.requests.length = 0;
});
afterAll(async () => {
  await stack?.stop();
  await openAi?.close();
  await anthropic?.close();
});

const fileKeys = async (): Promise<string[]> => {
  const redis = new Redis(stack.redisUrl);
  const keys = await redis.keys('*:logs');
  await redis.quit();
  return keys.sort();
};

const form = (...files: File[]): FormData => {
  const data = new FormData();
  data.set('subject', 'An invoice');
  for (const file of files) data.append('file', file);
  return data;
};
const png = () => new File([PNG], 'grün.png', { type: 'image/png' });
const pdf = () => new File([PDF], 'a.pdf', { type: 'application/octet-stream' });

async function agentOf(model: string): Promise<string> {
  const { id } = await stack.createAgent({ name: 'Reader', model });
  return `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
}
async function post(url: string, body: Body, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return {
    status: answer.status,
    body: (await answer.json()) as { task_id: string; code?: string; detail?: string },
  };
}
async function run(url: string, body: Body, headers: Record<string, string> = {}): Promise<string> {
  const answer = await post(url, body, headers);
  expect(answer).toMatchObject({ status: 200 });
  expect(await stack.poll(answer.body.task_id)).toMatchObject({ status: 'SUCCESS' });
  return answer.body.task_id;
}
const download = (taskId: string, index: number) =>
  fetch(`${stack.url}/api/tasks/${taskId}/attachments/${index}`, {
    headers: { authorization: `Bearer ${stack.adminKey}` },
  });

test.each([
  ['openai:gpt-5-mini', () => openAi],
  ['anthropic:claude-sonnet-4-5', () => anthropic],
])('%s gets pictures and PDFs as they are, whatever they are called', async (model, server) => {
  await run(await agentOf(model), form(png(), pdf()));
  const sent = JSON.stringify(server().requests[0]?.body);
  expect(sent).toContain(PNG.toString('base64'));
  expect(sent).toContain(PDF.toString('base64'));
  expect(sent).toContain('application/pdf');
});

test('a model that accepts none learns that they exist, and reads texts', async () => {
  const long = `${'a line of a log\n'.repeat(6_000)}the end`;
  await run(await agentOf('compatible:any'), form(png(), new File([long], 'a.log', { type: 'text/plain' })));
  const sent = JSON.stringify(openAi.requests[0]?.body);
  expect(sent).toContain('this model cannot read it');
  expect(sent).not.toContain(PNG.toString('base64'));
  expect(sent).toContain('the end');
});

test('a model that accepts no files reads the text of a PDF, and learns of one without', async () => {
  const empty = new File([makePdf([[]])], 'scan.pdf', { type: 'application/pdf' });
  await run(await agentOf('compatible:any'), form(pdf(), empty));
  const sent = JSON.stringify(openAi.requests[0]?.body);
  expect(sent).toContain('Invoice 4711');
  expect(sent).toContain('scan.pdf (application/pdf): this model cannot read it');
});

test('files whose URLs the payload has are fetched through the guard', async () => {
  const files = await startHttpServer(({ path }, response) => {
    if (path === '/a.pdf') return void response.end(PDF);
    if (path === '/notes.txt') return void response.end('Pay by Friday.');
    response.writeHead(404).end();
  });
  const input_template = 'Read {{ payload.urls | attach }} and {{ payload.urls[0] | attach }}.';
  const { id } = await stack.createAgent({ name: 'Reader', model: 'openai:gpt-5-mini', input_template });
  const url = `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
  const urls = ['/a.pdf', '/notes.txt', '/gone.png'].map((path) => `${files.url}${path}`);
  const body = Buffer.from(JSON.stringify({ urls: [...urls, 'http://169.254.169.254/latest/meta-data'] }));
  const task = await run(url, body, { 'content-type': 'application/json' });
  const sent = JSON.stringify(openAi.requests[0]?.body);
  expect(sent).toContain('Read [file 1] [file 2] [file 3] [file 4] and [file 1].');
  expect(sent).toContain(PDF.toString('base64'));
  expect(sent).toContain('Pay by Friday.');
  expect(sent).toContain('could not be attached: HTTP 404');
  expect(sent).toContain('169.254.169.254');
  const trace = (await stack.request('GET', `/api/tasks/${task}`)).body;
  expect(JSON.stringify(trace)).toMatch(/File 4 .{0,100}169\.254\.169\.254.{0,100} could not be attached/);
  await files.close();
});

test('a fetched file is stored with the task, and used by attempts, replays and continuations', async () => {
  let fetches = 0;
  const files = await startHttpServer((_request, response) => {
    fetches++;
    response.setHeader('content-type', 'text/html').end(PNG);
  });
  const before = await fileKeys();
  const { id } = await stack.createAgent({
    name: 'Reader',
    model: 'openai:gpt-5-mini',
    input_template: 'Look at {{ payload.url | attach }}.',
    limits: { max_attempts: 2 },
  });
  const hook = `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
  const url = `${files.url}/a%20b.png`;
  openAi.respond({ status: 500 });
  const data = form(pdf());
  data.set('url', url);
  const first = await run(hook, data);
  expect(openAi.requests.length).toBeGreaterThan(1);
  const replay = await stack.request<{ task_id: string }>('POST', `/api/tasks/${first}/replay`, {});
  const again = await stack.request<{ task_id: string }>('POST', `/api/tasks/${first}/continue`, {});
  const ids = [first, replay.body.task_id, again.body.task_id];
  for (const task of ids) {
    await stack.poll(task);
    const { body } = await stack.request('GET', `/api/tasks/${task}`);
    expect(body.attachments).toEqual([
      expect.objectContaining({ filename: 'a.pdf', bytes: PDF.length }),
      { filename: 'a b.png', media_type: 'image/png', bytes: PNG.length, url },
    ]);
    const picture = await download(task, 1);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
  }
  for (const { body } of openAi.requests) {
    expect(JSON.stringify(body).split(PNG.toString('base64'))).toHaveLength(2);
    expect(JSON.stringify(body).split(PDF.toString('base64'))).toHaveLength(2);
  }
  expect(fetches).toBe(1);
  for (const task of ids) await stack.request('DELETE', `/api/tasks/${task}`);
  expect(await fileKeys()).toEqual(before);
  await files.close();
});

test('files of the event count for the limits of fetched ones', async () => {
  const files = await startHttpServer((_request, response) => void response.end(Buffer.alloc(2 * MIB)));
  const { id } = await stack.createAgent({ name: 'Reader', input_template: '{{ payload.url | attach }}' });
  const hook = `${stack.url}/api/webhooks/agents/${(await stack.mintWebhook(id)).token}`;
  const notes = async (...given: File[]) => {
    const data = form(...given);
    data.set('url', files.url);
    const { body } = await stack.request('GET', `/api/tasks/${await run(hook, data)}`);
    expect(body.attachments).toHaveLength(given.length);
    return JSON.stringify(body.notes);
  };
  expect(await notes(...Array.from({ length: 10 }, png))).toContain('at most 10 files');
  expect(await notes(new File([Buffer.alloc(9 * MIB)], 'a.bin'))).toContain('more than 10 MiB');
  await files.close();
});

test('a body that is one file is an attachment', async () => {
  const id = await run(await agentOf('openai:gpt-5-mini'), PNG, { 'content-type': 'image/png' });
  expect(JSON.stringify(openAi.requests[0]?.body)).toContain(PNG.toString('base64'));
  const { body } = await stack.request('GET', `/api/tasks/${id}`);
  const file = { filename: 'body', media_type: 'image/png', bytes: PNG.length };
  expect(body).toMatchObject({ payload: file, attachments: [file] });
});

describe('the owner', () => {
  test('sees them, and gets their bytes with headers that let nothing in them run', async () => {
    const html = new File(['<script>alert(1)</script>'], 'a"\r\n.html', { type: 'text/html' });
    const id = await run(await agentOf('sandbox:echo'), form(png(), html));
    const { body } = await stack.request('GET', `/api/tasks/${id}`);
    expect(body.attachments).toEqual([
      { filename: 'grün.png', media_type: 'image/png', bytes: PNG.length },
      expect.objectContaining({ media_type: 'text/html' }),
    ]);
    const picture = await download(id, 0);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': "inline; filename*=UTF-8''gr%C3%BCn.png",
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    const page = await download(id, 1);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment; filename\*=UTF-8''[\w%.]+$/),
    });
    expect((await download(id, 2)).status).toBe(404);
    expect((await fetch(picture.url)).status).toBe(401);
  });

  test('replays a run with its files, and erases them with it', async () => {
    const before = await fileKeys();
    const id = await run(await agentOf('openai:gpt-5-mini'), form(png()));
    const replay = await stack.request<{ task_id: string }>('POST', `/api/tasks/${id}/replay`, {});
    await stack.poll(replay.body.task_id);
    expect(JSON.stringify(openAi.requests[1]?.body)).toContain(PNG.toString('base64'));
    await stack.request('DELETE', `/api/tasks/${id}`);
    expect((await download(id, 0)).status).toBe(404);
    expect((await download(replay.body.task_id, 0)).status).toBe(200);
    await stack.request('DELETE', `/api/tasks/${replay.body.task_id}`);
    expect(await fileKeys()).toEqual(before);
  });
});

test('files that no task has expire; those of a task do not', async () => {
  const url = await agentOf('sandbox:echo');
  const redis = new Redis(stack.redisUrl);
  try {
    const id = await run(url, form(png()), { 'idempotency-key': 'once' });
    const [key = ''] = (await fileKeys()).filter((each) => each.includes(id));
    expect(await redis.ttl(key)).toBe(-1);
    const count = (await fileKeys()).length;
    for (let n = 0; n < 3; n++) await post(url, form(png()), { 'idempotency-key': 'once' });
    expect((await fileKeys()).length).toBe(count);
  } finally {
    await redis.quit();
  }
});

describe('limits', () => {
  test('ten files with 10 MiB in total are accepted', async () => {
    const files = Array.from({ length: 10 }, (_, n) => new File([Buffer.alloc(MIB - 200, n)], `${n}.bin`));
    const id = await run(await agentOf('sandbox:echo'), form(...files));
    expect((await download(id, 9)).headers.get('content-length')).toBe(`${MIB - 200}`);
  });

  test.each<[string, () => Body, Record<string, string>]>([
    ['eleven files', () => form(...Array.from({ length: 11 }, () => png())), {}],
    ['more than 10 MiB of files', () => form(new File([Buffer.alloc(10 * MIB + 1)], 'a.bin')), {}],
    ['a body of 12 MiB', () => Buffer.alloc(12 * MIB), { 'content-type': 'image/png' }],
    ['a payload of 2 MiB', () => Buffer.alloc(2 * MIB, '1'), { 'content-type': 'application/json' }],
    ['a text of 2 MiB', () => Buffer.alloc(2 * MIB, 'a'), { 'content-type': 'application/octet-stream' }],
  ])('%s is 413', async (_name, body, headers) => {
    const url = await agentOf('sandbox:echo');
    expect(await post(url, body(), headers)).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
  });
});
