import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { findPython } from '../../../../scripts/lib/find.mjs';
import {
  freePort,
  type HttpCall,
  type HttpServer,
  type ManagedProcess,
  type Stack,
  sharedStack,
  startHttpServer,
  startProcess,
  until,
} from '../index.js';

const python = findPython();
const PROGRAMS = [
  { file: 'receiver.mjs', command: process.execPath },
  { file: 'receiver-plain.mjs', command: process.execPath },
];
if (python !== undefined) PROGRAMS.push({ file: 'receiver.py', command: python });

let stack: Stack;
let recorder: HttpServer;
let receiver: ManagedProcess | undefined;

beforeAll(async () => {
  recorder = await startHttpServer((_call, response) => response.end());
  stack = await sharedStack();
});
afterEach(async () => {
  await receiver?.stop('SIGKILL');
  receiver = undefined;
});
afterAll(async () => {
  await recorder?.close();
});

/** Posts a recorded callback to the receiver, with some changes. Returns its status. */
async function replay(url: string, { headers, body }: HttpCall, changed: Partial<HttpCall> = {}) {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type'];
  const sent = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']));
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...sent, ...changed.headers },
    body: changed.body ?? body,
  });
  return response.status;
}

// The receivers in docs/guides/results/callbacks.md, each run as a reader would.
test.each(PROGRAMS)(
  'examples/callbacks/$file accepts genuine callbacks and no others',
  async ({ command, file }) => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const agent = await stack.createAgent({ name: 'Told', callback: { url } });
    const { secret } = agent.callback as { secret: string };
    const path = fileURLToPath(new URL(`../../examples/callbacks/${file}`, import.meta.url));
    receiver = await startProcess(command, [path], { env: { CALLBACK_SECRET: secret, PORT: String(port) } });
    const lines = () => receiver?.log().trim().split('\n') ?? [];
    await until('it listens', async () => (await fetch(url, { method: 'POST', body: '{}' })).status === 400);

    const { token } = await stack.mintWebhook(agent.id);
    const { task_id } = (await stack.trigger(token, { sandbox: { reply: 'Ünïcode, fine' } })).body;
    const line = `task.succeeded ${task_id} Ünïcode, fine`;
    await until('it accepts the callback', () => lines().includes(line));

    const resend = `/api/agents/${agent.id}/callbacks/cb-${task_id}/resend`;
    await stack.request('POST', `/api/agents/${agent.id}/callback/rotate`, { overlap_seconds: 60 });
    expect((await stack.request('POST', resend)).status).toBe(202);
    await until(
      'it accepts a callback with two signatures',
      () => lines().filter((each) => each === line).length === 2,
    );

    recorder.calls.length = 0;
    await stack.request('PATCH', `/api/agents/${agent.id}`, { callback: { url: recorder.url } });
    await stack.request('POST', resend);
    await until('one is recorded', () => recorder.calls.length === 1);
    const [genuine] = recorder.calls as [HttpCall];
    const signatures = genuine.headers['webhook-signature'] ?? '';
    expect(await replay(url, genuine)).toBe(204);
    const later = String(Number(genuine.headers['webhook-timestamp']) - 301);
    for (const headers of [
      { 'webhook-id': 'cb-another' },
      { 'webhook-timestamp': later },
      { 'webhook-timestamp': '' },
      { 'webhook-signature': signatures.split(' ')[0] ?? '' }, // signed with the new secret, which this receiver does not know
      { 'webhook-signature': signatures.replaceAll('v1,', 'v2,') },
      { 'webhook-signature': 'v1,' },
      { 'webhook-signature': '' },
    ])
      expect([headers, await replay(url, genuine, { headers })]).toEqual([headers, 400]);
    expect(await replay(url, genuine, { body: genuine.body.replace('fine', 'evil') })).toBe(400);
    expect(lines().filter((each) => each.startsWith('task.succeeded'))).toEqual([line, line, line]);
  },
);

test('a Python for examples/callbacks/receiver.py exists', () => {
  if (python === undefined && process.env.CI !== 'true') {
    console.warn('!!  No python3: examples/callbacks/receiver.py was not tested.');
    return;
  }
  expect(python).toBeDefined();
});
