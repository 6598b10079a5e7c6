import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sharedStack, until } from '../index.js';
import { type HttpServer, startHttpServer } from '../tool-servers/http-server.js';

const NUMBERS =
  '{"id":820982911946154508,"big":1e400,"zero":-0,"long":12345678901234567890123,' +
  '"float":0.1000000000000000055511151231257827,"price":1.10,"list":[794712263469694986,9007199254740993]}';
/** As they are written again: 1.10 is 1.1. */
const WRITTEN = NUMBERS.replace('1.10', '1.1');

let stack: Stack;
let outside: HttpServer;

beforeAll(async () => {
  // The tool's answer has its own numbers; a callback needs none.
  outside = await startHttpServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"found":${NUMBERS}}`),
  );
  stack = await sharedStack();
});
afterAll(() => outside?.close());

/** The raw text of an answer, because JSON.parse would round it. */
async function read(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${stack.adminKey}`, 'content-type': 'application/json' };
  const response = await fetch(stack.url + path, { headers, ...init });
  return { status: response.status, text: await response.text() };
}
const post = (path: string, body: string) => read(path, { method: 'POST', body });

async function ended(taskId: string): Promise<string> {
  await stack.poll(taskId);
  return (await read(`/api/tasks/${taskId}`)).text;
}

test('numbers keep their digits from the request to the callback', async () => {
  const schema = `{"type":"object","properties":{"data":{"properties":{"id":{"type":"integer","enum":[1,820982911946154508]},"long":{"const":12345678901234567890123},"float":{"type":"number"}}}},"required":["data"]}`;
  const agent = `{
    "name": "Exact",
    "input_template": "{{ payload.data.id }}|{{ payload.data | json }}|{% if payload.data.id == 820982911946154508 %}same{% endif %}",
    "input_schema": ${schema},
    "sandbox_tools": true,
    "tools": [{
      "type": "http", "name": "look_up", "method": "POST", "url": "${outside.url}/orders/{{ args.id }}",
      "query": {"id": "{{ payload.data.id }}"}, "headers": {"X-Id": "{{ args.id }}"},
      "body": "{\\"args\\": {{ args | json }}, \\"id\\": {{ payload.data.id }}}",
      "parameters": {"type": "object", "properties": {"id": {"minimum": 820982911946154508}}}
    }],
    "callback": {"url": "${outside.url}/callback"}
  }`;
  const created = await post('/api/agents', agent);
  expect(created.status).toBe(201);
  expect(created.text).toContain(`"input_schema":${schema}`);
  const { id } = JSON.parse(created.text) as { id: string };
  expect((await read(`/api/agents/${id}`)).text).toContain('{"minimum":820982911946154508}');
  const { token } = await stack.mintWebhook(id);
  const webhook = `/api/webhooks/agents/${token}`;

  const script = `{"steps":[{"tool":{"name":"look_up","arguments":${NUMBERS}}}]}`;
  const payload = `{"data":${NUMBERS},"sandbox":${script}}`;
  const wrong = await post(webhook, payload.replace('820982911946154508', '820982911946154509'));
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('/data/id');

  const accepted = await post(webhook, payload);
  expect(accepted.status).toBe(200);
  const { task_id } = JSON.parse(accepted.text) as { task_id: string };
  const trace = await ended(task_id);
  expect(trace).toContain('"status":"SUCCESS"');
  expect(trace).toContain(`"payload":{"data":${WRITTEN}`);
  const prompt = `820982911946154508|${WRITTEN}|same`;
  expect(trace.replaceAll('\\"', '"').replace(/<\/?data-[^>]*>/g, '')).toContain('820982911946154508|');
  expect(trace.replaceAll('\\"', '"')).toContain(prompt.split('|')[1]);
  expect(trace).toContain(`"arguments":${WRITTEN}`);
  expect(trace).toContain(`{"found":${WRITTEN}}`);

  const [asked] = outside.calls.filter(({ path }) => path.startsWith('/orders'));
  expect(asked?.path).toBe('/orders/820982911946154508?id=820982911946154508');
  expect(asked?.headers['x-id']).toBe('820982911946154508');
  expect(asked?.body).toBe(`{"args": ${WRITTEN}, "id": 820982911946154508}`);

  const status = await read(`/api/task_status?task_id=${task_id}`);
  expect(status.text).toContain(`{"found":${WRITTEN}}`);
  const events = await read(`/api/tasks/${task_id}/events`);
  expect(events.text).toContain(`"arguments":${WRITTEN}`);
  await until('the callback has come', () => outside.calls.some(({ path }) => path === '/callback'));
  const told = outside.calls.find(({ path }) => path === '/callback')?.body;
  expect(told).toContain(`{"found":${WRITTEN}}`);

  const replay = await post(`/api/tasks/${task_id}/replay`, '{}');
  const again = (JSON.parse(replay.text) as { task_id: string }).task_id;
  expect(await ended(again)).toContain(`"payload":{"data":${WRITTEN}`);

  const tested = await post(`/api/agents/${id}/test`, `{"payload":${payload}}`);
  expect(tested.text.replaceAll('\\"', '"')).toContain(`{"data":${WRITTEN}`);
  const preview = await post(`/api/agents/${id}/preview`, `{"payload":${payload}}`);
  expect([preview.status, preview.text.replaceAll('\\"', '"')]).toEqual([
    200,
    expect.stringContaining(WRITTEN),
  ]);

  const rejections = await read(`/api/agents/${id}/rejections`);
  const [rejected] = (JSON.parse(rejections.text) as { rejections: { id: string }[] }).rejections;
  await read(`/api/agents/${id}`, { method: 'PATCH', body: '{"input_schema":null}' });
  const run = await post(`/api/agents/${id}/rejections/${rejected?.id}/accept`, '{}');
  expect(await ended((JSON.parse(run.text) as { task_id: string }).task_id)).toContain('820982911946154509');
});
