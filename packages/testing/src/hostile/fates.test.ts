import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { childrenOf, until } from '../harness/index.js';
import { startHttpServer } from '../tool-servers/http-server.js';
import { type Arena, startArena } from './arena.js';
import { times } from './wire.js';

/** Tasks of strangers on the same two workers. None ends because of another. */

let arena: Arena;
beforeAll(async () => {
  // Locks expire soon, so that a task whose worker was killed runs again soon.
  arena = await startArena('fates', { workers: 2, env: { TASK_LOCK_SECONDS: '3' } });
});
afterAll(() => arena?.stop());

const agentOf = async (agent: Record<string, unknown>) => {
  const { id } = await arena.stack.createAgent({ name: 'Target', model: 'sandbox:echo', ...agent });
  return { id, token: (await arena.stack.mintWebhook(id)).token };
};

/** Triggers this many tasks. Returns how each ended (the status or the code) and its number of attempts. */
async function fire(token: string, count: number, payload: unknown, timeoutMs = 120_000): Promise<string[]> {
  const body = JSON.stringify(payload);
  const sent = [];
  for (let n = 0; n < count; n++) sent.push(await send(token, body));
  const ends = await Promise.all(sent.map((id) => arena.stack.poll(id, { timeoutMs, everyMs: 150 })));
  return ends.map(({ status, result }) => (status === 'SUCCESS' ? status : result.error.code));
}
const jsonType = { 'content-type': 'application/json' };

/**
 * Sends an event until it is accepted, as senders do. Large bodies of one webhook wait in a queue, which may
 * be full.
 */
async function send(token: string, body: string): Promise<string> {
  return await until(
    'the event is accepted',
    async () => {
      const answer = await arena.stack.trigger(token, body, jsonType);
      return answer.status === 200 && answer.body.task_id;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
}

const all = (count: number) => times(count, () => 'SUCCESS');

/** A task of several steps, as a sender may have it: it takes a while, and is never at fault. */
const slow = (steps: number, latency_ms: number) => ({
  sandbox: { steps: times(steps, (n) => ({ text: `step ${n}`, latency_ms })), reply: 'done' },
});

test('a burst of ordinary templates over large payloads ends SUCCESS, every one', async () => {
  const { token } = await agentOf({
    input_template: '{% for i in payload.items %}{{ i.name }}: {{ i.price | times: 2 }} {% endfor %}',
  });
  const items = times(2_500, (n) => ({ name: `Item number ${n}`, price: n, note: 'x'.repeat(20) }));
  const ends = await arena.beside('12 ordinary templates over 0.2 MB each', 'run', () =>
    fire(token, 12, { items, sandbox: { reply: 'ok' } }),
  );
  expect(ends).toEqual(all(12));
}, 180_000);

test('others’ tasks are not considered lost while an answer is read', async () => {
  const { token } = await agentOf({ output_schema: { type: 'object' }, limits: { max_attempts: 1 } });
  const others = await agentOf({});
  const fence = { sandbox: { reply: `\`\`\`json${'\n'.repeat(20_000)}` } };
  const [broken, whole] = await arena.beside(
    'answers with a fence and newlines, beside 20 tasks',
    'run',
    async () => Promise.all([fire(token, 4, fence), fire(others.token, 20, slow(4, 500))]),
  );
  expect(whole).toEqual(all(20));
  expect(broken).toEqual(times(4, () => 'invalid_output'));
}, 180_000);

test('payloads of 1 MiB do not fill a small heap', async () => {
  const { stack } = arena;
  const others = await agentOf({});
  // Several webhooks, because each has a share of the time in which large bodies are read.
  const targets = await Promise.all(times(8, () => agentOf({})));
  await Promise.all(stack.workers.map((worker) => worker.stop()));
  const small = await stack.startWorker({ NODE_OPTIONS: '--max-old-space-size=120' });
  const payload = { rows: times(26_000, (n) => ({ n, a: 1, b: [n, 'x'] })), sandbox: slow(2, 300).sandbox };
  const [large, whole] = await Promise.all([
    Promise.all(targets.map(({ token }) => fire(token, 3, payload, 180_000))),
    fire(others.token, 10, slow(6, 200), 180_000),
  ]);
  expect(whole).toEqual(all(10));
  expect(large.flat()).toEqual(all(24));
  expect(small.exit()).toBeUndefined();
  await Promise.all(times(2, () => stack.startWorker()));
  await small.stop();
}, 240_000);

test('a task that takes workers down ends worker_lost, and no other task ends with it', async () => {
  const { stack } = arena;
  // It calls a server and waits. Any process that has called it dies.
  let asked = 0;
  const server = await startHttpServer(() => void asked++);
  const poison = await agentOf({
    tools: [{ type: 'http', name: 'ask', url: server.url }],
    sandbox_tools: true,
    limits: { timeout_seconds: 600 },
  });
  const others = await agentOf({ limits: { max_steps: 50 } });
  const { body } = await stack.trigger(poison.token, {
    sandbox: { steps: [{ tool: { name: 'ask', arguments: {} } }] },
  });
  const innocents = fire(others.token, 30, slow(40, 300), 200_000);
  const hasEnded = async () => (await stack.status(body.task_id)).body.status === 'FAILURE';
  try {
    for (let deaths = 0; deaths < 6 && !(await hasEnded()); deaths++) {
      await until('the poison runs', async () => asked > deaths || (await hasEnded()), { timeoutMs: 60_000 });
      if (await hasEnded()) break;
      // Time for the others to finish a step.
      await sleep(1000);
      const workers = stack.workers.filter(({ exit }) => exit() === undefined);
      const alone = workers.flatMap(({ pid }) => childrenOf(pid, `alone.js ${body.task_id}`));
      if (alone.length > 0) for (const pid of alone) process.kill(pid, 'SIGKILL');
      else {
        for (const worker of workers) worker.signal('SIGKILL');
        await Promise.all(workers.map(({ exited }) => exited));
        await Promise.all(times(2, () => stack.startWorker()));
      }
    }
    const { body: end } = await stack.status(body.task_id);
    expect(end).toMatchObject({ status: 'FAILURE', result: { error: { code: 'worker_lost' } } });
    expect(await innocents).toEqual(all(30));
  } finally {
    await server.close();
  }
}, 300_000);
