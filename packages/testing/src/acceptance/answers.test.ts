import { request as httpRequest } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack, until } from '../index.js';

let server: RedisServer | undefined;
let stack: Stack | undefined;
let redis: Redis | undefined;

afterEach(async () => {
  redis?.disconnect();
  await stack?.stop();
  await server?.stop();
  server = stack = redis = undefined;
});

async function start(env: Record<string, string> = {}) {
  server = await startRedisServer({ aof: true });
  redis = new Redis(server.url);
  const running = await startStack({ redisUrl: server.url, env });
  stack = running;
  return running;
}

async function webhookOf(running: Stack, agent: object): Promise<string> {
  const { id } = await running.createAgent({ name: 'Asked', ...agent });
  const { token } = await running.mintWebhook(id);
  return `${running.url}/api/webhooks/agents/${token}`;
}

const slow = (latency_ms: number, reply = 'done') => ({ sandbox: { steps: [{ latency_ms }], reply } });

async function post(url: string, payload: unknown, headers: Record<string, string> = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(payload),
  });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body, ms: performance.now() - began };
}

const TWIML = {
  status: 200,
  content_type: 'text/xml',
  body: '<Response><Message>{{ result.answer }}</Message></Response>',
  wait_seconds: 20,
};

test('a sender gets the result, escaped for its media type, and a retry gets the same', async () => {
  const running = await start();
  const url = await webhookOf(running, { response: TWIML });
  const first = await post(url, slow(200, 'Tom & <Jerry>'), { 'idempotency-key': 'k' });
  expect([first.status, first.body]).toEqual([
    200,
    '<Response><Message>Tom &amp; &lt;Jerry&gt;</Message></Response>',
  ]);
  expect(first.headers.get('content-type')).toBe('text/xml; charset=utf-8');
  expect(first.headers.get('content-security-policy')).toMatch(/^sandbox;/);
  expect(first.headers.get('x-content-type-options')).toBe('nosniff');
  const again = await post(url, slow(200, 'Tom & <Jerry>'), { 'idempotency-key': 'k' });
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));

  const late = await post(
    await webhookOf(running, { response: { ...TWIML, wait_seconds: 1 } }),
    slow(20_000),
  );
  expect([late.status, JSON.parse(late.body)]).toEqual([202, { success: true, task_id: expect.any(String) }]);
  expect(late.headers.get('location')).toContain(JSON.parse(late.body).task_id);
  expect(late.ms).toBeLessThan(15_000);

  // A refusal is still a problem, whatever the agent answers.
  const refused = await post(
    await webhookOf(running, { response: TWIML, input_schema: { required: ['a'] } }),
    {},
  );
  expect([refused.status, JSON.parse(refused.body).code]).toEqual([422, 'invalid_payload']);
  expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

test('a caller that prefers to wait gets the state of the task, if it ends in time', async () => {
  const running = await start();
  const url = await webhookOf(running, {});
  const ended = await post(url, slow(200), { prefer: 'respond-async, wait="20"' });
  expect([ended.status, ended.headers.get('preference-applied')]).toEqual([200, 'wait=20']);
  const state = JSON.parse(ended.body);
  expect(state).toMatchObject({
    status: 'SUCCESS',
    result: { answer: 'done' },
    finished_at: expect.any(String),
  });
  expect((await running.status(state.task_id)).body).toEqual(state);

  const late = await post(url, slow(20_000), { prefer: 'wait=1' });
  expect([late.status, JSON.parse(late.body)]).toEqual([200, { success: true, task_id: expect.any(String) }]);
  expect(late.headers.get('preference-applied')).toBeNull();
});

test('a sender waits on while the worker that runs its task is killed', async () => {
  const running = await start({ TASK_LOCK_SECONDS: '3' });
  const url = await webhookOf(running, { response: { ...TWIML, wait_seconds: 60 } });
  const waiting = post(url, slow(1_500, 'after all'));
  await until('the task runs', async () => (await redis?.llen('{agenthook:0}:tasks:active')) === 1);
  await running.workers[0]?.stop('SIGKILL');
  await running.startWorker();
  const { status, body } = await waiting;
  expect([status, body]).toEqual([200, '<Response><Message>after all</Message></Response>']);
}, 90_000);

test('a sender that hangs up ends its wait and not its task; a shutdown answers the others at once', async () => {
  const running = await start({ SHUTDOWN_GRACE_SECONDS: '20' });
  const url = await webhookOf(running, { response: { ...TWIML, wait_seconds: 60 } });
  const blocked = async () => Number(/blocked_clients:(\d+)/.exec((await redis?.info('clients')) ?? '')?.[1]);
  const idle = await blocked();
  const leaving = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
  leaving.on('error', () => {});
  leaving.end(JSON.stringify(slow(3_000)));
  await until('it waits', async () => (await blocked()) > idle);
  leaving.destroy();
  const [id = ''] = await running.taskIds();
  expect(await running.poll(id)).toMatchObject({ status: 'SUCCESS' });

  const staying = Array.from({ length: 20 }, () => post(url, slow(30_000)));
  await until('all are stored', async () => (await running.taskIds()).length === 21);
  await until('they wait', async () => (await blocked()) > idle);
  const began = performance.now();
  const stopped = running.apis[0]?.stop('SIGHUP');
  for (const { status, body, headers } of await Promise.all(staying))
    expect([status, JSON.parse(body).success, headers.get('connection')]).toEqual([202, true, 'close']);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await stopped).toEqual({ code: 0, signal: null });
  // It would wait for its tasks.
  running.workers[0]?.signal('SIGKILL');
}, 90_000);

test('a thousand senders wait on one process, which stays responsive', async () => {
  const running = await start({ WORKER_CONCURRENCY: '1000' });
  const url = await webhookOf(running, { response: { ...TWIML, wait_seconds: 60 } });
  // No task ends before all senders wait.
  const everything = { scope: 'installation' };
  expect((await running.request('POST', '/api/pause', everything)).status).toBe(200);
  const waiting: ReturnType<typeof post>[] = [];
  for (let n = 0; n < 40; n++) {
    for (let each = 0; each < 25; each++) waiting.push(post(url, slow(0, `no. ${waiting.length}`)));
    // Not all at once, because an overloaded process answers some with 503, which this test is not about.
    const held = async () => (await redis?.zcard('{agenthook:0}:tasks:delayed')) ?? 0;
    await until('they wait', async () => (await held()) >= waiting.length - 25);
  }
  const slowest = Math.max(
    ...(await Promise.all(
      Array.from({ length: 20 }, async () => {
        const began = performance.now();
        expect((await fetch(`${running.url}/healthz`)).ok).toBe(true);
        return performance.now() - began;
      }),
    )),
  );
  console.log(`beside ${waiting.length} waiting senders, /healthz took ${Math.round(slowest)} ms at most`);
  expect(slowest).toBeLessThan(5_000);
  expect((await running.request('POST', '/api/resume', everything)).status).toBe(204);
  const answers = await Promise.all(waiting);
  expect(answers.map(({ status, body }) => [status, body])).toEqual(
    answers.map((_, n) => [200, `<Response><Message>no. ${n}</Message></Response>`]),
  );
}, 180_000);
