import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ApiProcess, type Stack, startStack, until } from '../index.js';

jest.setTimeout(180_000);

const DRAIN = { DRAIN_SECONDS: '3' };

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack({ apis: 2, env: DRAIN });
  token = (await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id)).token;
});
afterAll(async () => stack?.stop());

const isReady = async (api: ApiProcess) =>
  await fetch(`${api.url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

interface Answered {
  status: number;
  connection: string | undefined;
  type: string | undefined;
  body: string;
}

/** Posts an event over a connection that is kept open. */
function post(url: string, agent: Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      `${url}/api/webhooks/agents/${token}`,
      { method: 'POST', agent, headers },
      (answer) => {
        let body = '';
        answer.on('data', (text) => {
          body += text;
        });
        answer.on('end', () => {
          const { connection, 'content-type': type } = answer.headers;
          resolve({ status: answer.statusCode ?? 0, connection, type, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end('{"sandbox": {"reply": "done"}}');
  });
}

test('a rolling restart loses no request of a balancer that follows /readyz', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  let ready: ApiProcess[] = [...stack.apis];
  let isRunning = true;
  const balancer = (async () => {
    while (isRunning) {
      const alive = stack.apis.filter((api) => api.exit() === undefined);
      const states = await Promise.all(alive.map(isReady));
      ready = alive.filter((_, n) => states[n]);
      await sleep(100);
    }
  })();
  const failed: unknown[] = [];
  let sent = 0;
  const sender = async () => {
    while (isRunning) {
      const to = ready[sent++ % ready.length];
      if (to === undefined) failed.push('no api is ready');
      else
        await post(to.url, agent).then(
          ({ status, body }) => status === 200 || failed.push([status, body]),
          (error) => failed.push(error),
        );
      await sleep(5);
    }
  };
  const senders = Promise.all(Array.from({ length: 8 }, sender));
  for (const old of [...stack.apis]) {
    const other = await stack.startApi();
    await until('the new one is in use', () => ready.includes(other));
    old.signal('SIGTERM');
    await until('the old one is out of use', () => !ready.includes(old));
    expect(await old.exited).toEqual({ code: 0, signal: null });
  }
  isRunning = false;
  await Promise.all([senders, balancer]);
  agent.destroy();
  expect(failed).toEqual([]);
  expect(sent).toBeGreaterThan(300);
});

test('an api that stops says so first, serves on, and closes each connection with its answer', async () => {
  const api = await stack.startApi();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await post(api.url, agent)).connection).not.toBe('close');
  api.signal('SIGTERM');
  await until('it is not ready', async () => !(await isReady(api)));
  const ready = (await (await fetch(`${api.url}/readyz`)).json()) as { problems: string[] };
  expect(ready.problems).toContain('This process is stopping.');
  for (let n = 0; n < 5; n++)
    expect(await post(api.url, agent)).toMatchObject({ status: 200, connection: 'close' });
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  expect(await api.exited).toEqual({ code: 0, signal: null });
});

test('a request that arrives while an api closes is answered as usual, or its connection is closed', async () => {
  const api = await stack.startApi({ DRAIN_SECONDS: '0' });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const answers: Answered[] = [];
  const senders = Array.from({ length: 20 }, async () => {
    for (;;) {
      try {
        answers.push(await post(api.url, agent));
      } catch {
        return;
      }
    }
  });
  await until('some are answered', () => answers.length > 50);
  api.signal('SIGTERM');
  await Promise.all(senders);
  expect(await api.exited).toEqual({ code: 0, signal: null });
  for (const { status, type, body } of answers.filter((each) => each.status !== 200)) {
    expect([status, type]).toEqual([503, expect.stringContaining('application/problem+json')]);
    expect(JSON.parse(body)).toMatchObject({ status: 503, code: expect.any(String) });
  }
});
