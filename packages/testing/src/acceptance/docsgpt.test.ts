import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type HttpServer, type Stack, sendJson, sharedStack, startHttpServer, until } from '../index.js';

let stack: Stack;
let crm: HttpServer;

beforeAll(async () => {
  crm = await startHttpServer(({ path }, response) => {
    if (path === '/fails') response.writeHead(404).end('no such order');
    else sendJson(response, { state: 'sent' });
  });
  stack = await sharedStack();
});
afterAll(() => crm?.close());

type Read = { answer: string; thought: string; calls: [name: string, args: string][] } | { error: string };

// biome-ignore lint/suspicious/noExplicitAny: the client reads by path, whatever the answer holds
type Json = any;

/** What gjson's String() makes of a value. */
const textOf = (value: Json): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/**
 * Triggers a webhook and reads its result as `docsgpt-cli bench --target webhook` does:
 * https://github.com/arc53/DocsGPT-cli, internal/bench/target/webhook.go and common.go.
 */
async function readAsClient(webhookUrl: string, payload: object): Promise<Read> {
  const posted = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });
  const accepted: Json = await posted.json();
  if (posted.status !== 200 || accepted.success === false) return { error: textOf(accepted.detail) };
  const statusUrl = `${stack.url}/api/task_status?task_id=${encodeURIComponent(textOf(accepted.task_id))}`;
  for (;;) {
    await sleep(50);
    const response = await fetch(statusUrl);
    const body: Json = await response.json();
    if (response.status === 503) continue;
    if (response.status !== 200) return { error: `${response.status}` };
    const state = textOf(body.status).toUpperCase();
    if (['FAILURE', 'FAILED', 'REVOKED'].includes(state)) {
      const text = textOf(body.result);
      return { error: text === '' || text.startsWith('{') ? `unread: ${JSON.stringify(body)}` : text };
    }
    if (state !== 'SUCCESS') continue;
    const run = textOf(body.result?.status);
    if (run !== '' && run.toLowerCase() !== 'success') return { error: run };
    const inner = body.result?.result;
    return {
      answer: textOf(inner?.answer),
      thought: textOf(inner?.thought),
      calls: (Array.isArray(inner?.tool_calls) ? inner.tool_calls : []).map((call: Json) => [
        textOf(call.tool_name ?? call.name ?? call.action_name),
        textOf(call.arguments ?? call.args),
      ]),
    };
  }
}

async function agentWith(config: object) {
  const tools = ['look_up', 'fails'].map((name) => ({ type: 'http', name, url: `${crm.url}/${name}` }));
  const agent = await stack.createAgent({ name: 'Support', tools, sandbox_tools: true, ...config });
  return { id: agent.id, ...(await stack.mintWebhook(agent.id)) };
}

const PAYLOAD = {
  question: 'Where is my order?',
  sandbox: {
    steps: [{ tool: { name: 'look_up', arguments: {} } }, { tool: { name: 'fails', arguments: {} } }],
    reply: 'It is on its way.',
  },
};
const REFUSED = { sandbox: { steps: [{ fail: 'auth' }] } };

test("the reference's client reads answers, tool calls and failures of an agent in its shape", async () => {
  const { id, webhook_url } = await agentWith({ result_shape: 'docsgpt' });
  expect(await readAsClient(webhook_url, PAYLOAD)).toEqual({
    answer: 'It is on its way.',
    thought: '',
    calls: [
      ['look_up', '{}'],
      ['fails', '{}'],
    ],
  });
  expect(await readAsClient(webhook_url, REFUSED)).toEqual({
    error: expect.stringMatching(/^model_auth: \S/),
  });

  // Its newest tasks keep their shape, whatever is saved later.
  const { body } = await stack.trigger(webhook_url, PAYLOAD);
  await stack.request('PATCH', `/api/agents/${id}`, { result_shape: 'flat' });
  const { result } = await stack.poll(body.task_id);
  expect(result.result.tool_calls).toMatchObject([
    { tool_name: 'look_up', call_id: 'call_1', result: expect.stringContaining('sent'), status: 'completed' },
    { tool_name: 'fails', call_id: 'call_2', result: expect.stringContaining('404') },
  ]);
  const flat = await readAsClient(webhook_url, PAYLOAD);
  expect(flat).toEqual({ answer: '', thought: '', calls: [] });
});

test('a webhook of the reference moves here with its URL, and its shape comes to callbacks and events', async () => {
  const receiver = await startHttpServer((_request, response) => response.writeHead(204).end());
  try {
    const token = 'nSCr6OJR2CF0gcqnW4GzHCVZ1d4Yv5WlbaYmq8SEq0g';
    const callback = { url: receiver.url };
    const agent = await stack.createAgent({ name: 'Moved', result_shape: 'docsgpt', callback });
    const { webhook_url } = await stack.mintWebhook(agent.id, { token });
    expect(new URL(webhook_url).pathname).toBe(`/api/webhooks/agents/${token}`);
    const { body } = await stack.trigger(token, { sandbox: { reply: 'moved' } });
    const nested = {
      status: 'success',
      result: { answer: 'moved', sources: [], tool_calls: [], thought: '' },
    };
    expect((await stack.poll(body.task_id)).result).toEqual(nested);

    const events = await (await fetch(`${stack.url}/api/tasks/${body.task_id}/events`)).text();
    const finished = /event: finished\ndata: (.*)/.exec(events)?.[1] ?? '{}';
    expect(JSON.parse(finished)).toMatchObject({ status: 'SUCCESS', result: nested });
    await until('the callback', () => receiver.calls.length > 0);
    expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({ data: { result: nested } });
    const mine = await stack.request('GET', `/api/tasks/${body.task_id}`);
    expect(mine.body).toMatchObject({ result: { answer: 'moved', steps: 1 } });
  } finally {
    await receiver.close();
  }
});
