import { Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@agenthook/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let token: string;
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

beforeAll(async () => {
  env = await testApp();
  await env.app.listen({ port: 0, host: '127.0.0.1' });
  const { id } = (await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a' } })).json();
  token = (await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` })).json().token;
});
afterAll(() => env?.close());

/** A task that no worker takes. */
async function trigger(): Promise<string> {
  const url = `/api/webhooks/agents/${token}`;
  return (await env.app.inject({ method: 'POST', url, payload: {} })).json().task_id;
}

/** Polls a task with `wait=60`. `answered` resolves with the answer; `leave` ends the wait. */
function wait(id: string) {
  const { port } = env.app.server.address() as AddressInfo;
  const waiting = { answered: false, body: undefined as unknown, leave: () => {} };
  const url = `http://127.0.0.1:${port}/api/task_status?task_id=${id}&wait=60`;
  const request = get(url, { agent }, (response) => {
    text(response).then((body) => {
      waiting.body = JSON.parse(body);
      waiting.answered = true;
    });
  }).on('error', () => {});
  waiting.leave = () => request.destroy();
  return waiting;
}

test('callers who wait for one task leave room for those who wait for others', async () => {
  const [known, other] = [await trigger(), await trigger()];
  const crowd = Array.from({ length: 1_020 }, () => wait(known));
  const answered = () => crowd.filter((one) => one.answered);
  await until('the last are answered at once', () => answered().length === 20, { timeoutMs: 30_000 });
  expect(answered()[0]?.body).toMatchObject({ task_id: known, status: 'PENDING', finished_at: null });
  const bystander = wait(other);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(bystander.answered).toBe(false);
  await env.admin({ method: 'POST', url: `/api/tasks/${other}/cancel` });
  await until('the bystander gets the end', () => bystander.answered);
  expect(bystander.body).toMatchObject({ status: 'FAILURE' });
  expect(answered()).toHaveLength(20);
  for (const { leave } of crowd) leave();
}, 60_000);
