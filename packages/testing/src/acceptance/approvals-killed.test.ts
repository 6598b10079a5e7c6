import { afterAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  type HttpServer,
  type ModelServer,
  type Stack,
  sendJson,
  startHttpServer,
  startOpenAiServer,
  startStack,
  until,
} from '../index.js';

// A run whose model makes three calls at once: `refund` twice, which needs approval, and `look`. The first
// refund is approved, the second one denied. Its journal has twelve entries: the prompt, the turn, two asks,
// the start and end of `look`, the approval, the start and end of the refund, the denial, the end of the
// denied call, and the last turn. In each run, the worker is killed once the journal has some of them.

const ENTRIES = 12;
/** How many runs there are at the same time, each with its own processes. */
const AT_ONCE = 2;

const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));

const call = (id: string, name: string) => ({ id, name, arguments: {} });
const TURN = { tool_calls: [call('a', 'refund'), call('b', 'refund'), call('c', 'look')] };

/** Starts processes. Returns a function that runs a task through a kill at an entry of its journal. */
async function openLane(number: number) {
  const model: ModelServer = await startOpenAiServer();
  const shop: HttpServer = await startHttpServer(({ path }, response) => sendJson(response, { done: path }));
  const base = process.env.TEST_REDIS_URL?.replace(/\/\d*$/, '');
  const stack: Stack = await startStack({
    redisUrl: `${base}/${210 + number}`,
    env: { OPENAI_BASE_URL: model.url, EGRESS_ALLOW: '127.0.0.1', TASK_LOCK_SECONDS: '3' },
  });
  const redis = new Redis(stack.redisUrl).on('error', () => {});
  cleanUps.push(model.close, shop.close, stack.stop, async () => redis.disconnect());
  const agent = await stack.createAgent({
    name: 'Shop',
    model: 'compatible:m',
    tools: [
      { type: 'http', name: 'refund', method: 'POST', url: `${shop.url}/refund`, approval: 'always' },
      { type: 'http', name: 'look', method: 'GET', url: `${shop.url}/look` },
    ],
  });
  const { token } = await stack.mintWebhook(agent.id);

  /** Kills the worker once a task's journal has so many entries, and starts another one. */
  const killAt = async (taskId: string, entries: number) => {
    const log = `{agenthook:0}:log:${taskId}`;
    let last = '0-0';
    for (let seen = 0; seen < entries; ) {
      const found = await redis.xread('COUNT', entries - seen, 'BLOCK', 60_000, 'STREAMS', log, last);
      const rows = found?.[0]?.[1] ?? [];
      if (rows.length === 0) throw new Error(`the journal never had ${entries} entries`);
      seen += rows.length;
      last = rows.at(-1)?.[0] ?? last;
    }
    stack.workers.at(-1)?.signal('SIGKILL');
    await stack.startWorker();
  };

  return async (entries: number) => {
    const asked = model.requests.length;
    shop.calls.length = 0;
    model.forget();
    model.respond(TURN, { text: 'Refunded one.' });
    const { task_id } = (await stack.trigger(token, { order: 1 })).body;
    const killed = killAt(task_id, entries);
    // A failure before it is awaited must not end the process.
    killed.catch(() => {});
    const decide = async (callId: string, decision: string) => {
      const path = `/api/tasks/${task_id}/approvals/${callId}`;
      const answer = async () => (await stack.request('POST', path, { decision })).status;
      // 404 until it is asked, and 503 where the machine is too busy.
      await until(`${callId} is decided`, async () => (await answer()) === 200, { timeoutMs: 60_000 });
      expect((await stack.request('POST', path, { decision })).body).toMatchObject({
        code: 'already_decided',
      });
    };
    await decide('1:a', 'approve');
    const callsOf = async () =>
      (await stack.request<Trace>('GET', `/api/tasks/${task_id}`)).body.steps[0]?.tool_calls;
    await until('the approved call', async () => (await callsOf())?.[0]?.finished, { timeoutMs: 60_000 });
    await decide('1:b', 'deny');
    const task = await stack.poll(task_id, { timeoutMs: 60_000 });
    await killed;
    return {
      entries,
      task,
      calls: await callsOf(),
      refunds: shop.calls.filter(({ path }) => path === '/refund').length,
      turns: model.requests.length - asked,
    };
  };
}

interface Trace {
  steps: { tool_calls: { finished: boolean; [field: string]: unknown }[] }[];
}
type Run = Awaited<ReturnType<Awaited<ReturnType<typeof openLane>>>>;

test('a worker that is killed at any entry: every call is asked about once, and made at most once, if approved', async () => {
  const numbers = Array.from({ length: ENTRIES }, (_, n) => n + 1);
  const lanes = Array.from({ length: AT_ONCE }, async (_, number) => {
    const runThroughKill = await openLane(number);
    const runs: Run[] = [];
    for (const entries of numbers.filter((n) => n % AT_ONCE === number))
      runs.push(await runThroughKill(entries));
    return runs;
  });
  for (const { entries, task, calls, refunds, turns } of (await Promise.all(lanes)).flat()) {
    const { answer, tool_calls } = task.result as { answer: string; tool_calls: { error: string | null }[] };
    expect([entries, task.status, answer]).toEqual([entries, 'SUCCESS', 'Refunded one.']);
    const [refund, denied, look] = tool_calls;
    // A call without an end in the journal may not have been made, and is not repeated.
    if (refund?.error !== null) expect(refund?.error).toMatch(/not known whether it took effect/);
    expect([entries, refunds]).toEqual([entries, refund?.error === null ? 1 : expect.any(Number)]);
    expect([entries, refunds <= 1]).toEqual([entries, true]);
    expect([entries, denied?.error]).toEqual([entries, 'A person denied this call, so it was not made.']);
    expect([entries, look?.error]).toEqual([entries, null]);
    expect(calls).toMatchObject([
      { approval: { call_id: '1:a', decision: 'approve' } },
      { approval: { call_id: '1:b', decision: 'deny' } },
      {},
    ]);
    // The second turn may be in flight when the worker is killed.
    expect([entries, turns === 2 || turns === 3]).toEqual([entries, true]);
  }
}, 240_000);
