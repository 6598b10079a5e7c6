import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

/**
 * The point in a run at which its worker is killed. Turn 1 asks for a charge, turn 2 for a lookup, turn 3
 * answers.
 */
type KillPoint =
  | { during: 'turn'; number: 1 | 2 | 3 }
  | { during: 'call'; path: '/charge' | '/look' }
  | { during: 'after'; path: '/charge' | '/look'; ms: number };

const POINTS: KillPoint[] = [
  { during: 'turn', number: 1 },
  { during: 'call', path: '/charge' },
  { during: 'after', path: '/charge', ms: 0 },
  { during: 'turn', number: 2 },
  { during: 'call', path: '/look' },
  { during: 'after', path: '/look', ms: 5 },
  { during: 'turn', number: 3 },
];

/** How many runs there are at the same time, each with its own processes. */
const LANES = 2;

const call = (id: string, name: string) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: '{}' } }],
});
/** The model's answer in each turn. It recognises the turn by the tool results it gets. */
const TURNS = [call('a', 'charge'), call('b', 'look'), { role: 'assistant', content: 'Charged and seen.' }];

const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));

/** A real HTTP server that counts its requests. `onCall` answers, or does not. */
async function serve(onCall: (call: { path: string; body: string; answer: (body: object) => void }) => void) {
  const calls: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '';
    calls.push(path);
    let body = '';
    for await (const chunk of request) body += chunk;
    const answer = (json: object) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(json));
    };
    onCall({ path, body, answer });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

/** Starts processes. Returns a function that runs a task through a kill. */
async function openLane(number: number) {
  /** Where to kill the worker; undefined once it is killed. */
  let point: KillPoint | undefined;
  let stack: Stack | undefined;
  /** Returns whether this was the moment. */
  const kill = (now: boolean) => {
    if (!now || point === undefined) return false;
    point = undefined;
    stack?.workers.at(-1)?.signal('SIGKILL');
    return true;
  };
  const model = await serve(({ body, answer }) => {
    const { messages } = JSON.parse(body) as { messages: { role: string }[] };
    const turn = messages.filter(({ role }) => role === 'tool').length + 1;
    if (kill(point?.during === 'turn' && point.number === turn)) return;
    const finish_reason = turn < TURNS.length ? 'tool_calls' : 'stop';
    const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11 };
    answer({
      id: 'x',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: TURNS[turn - 1], finish_reason }],
      usage,
    });
  });
  const shop = await serve(({ path, answer }) => {
    if (kill(point?.during === 'call' && point.path === path)) return;
    answer({ ok: path });
    if (point?.during === 'after' && point.path === path) setTimeout(() => kill(true), point.ms);
  });

  const base = process.env.TEST_REDIS_URL?.replace(/\/\d*$/, '');
  const running = await startStack({
    redisUrl: `${base}/${200 + number}`,
    env: { OPENAI_BASE_URL: `${model.url}/v1`, EGRESS_ALLOW: '127.0.0.1', TASK_LOCK_SECONDS: '3' },
  });
  stack = running;
  cleanUps.push(running.stop);
  const agent = await running.createAgent({
    name: 'Shop',
    model: 'compatible:m',
    tools: [
      { type: 'http', name: 'charge', method: 'POST', url: `${shop.url}/charge` },
      { type: 'http', name: 'look', method: 'GET', url: `${shop.url}/look` },
    ],
  });
  const { token } = await running.mintWebhook(agent.id);

  return async (at: KillPoint) => {
    point = at;
    const { length: called } = shop.calls;
    const { length: asked } = model.calls;
    const { task_id } = (await running.trigger(token, { order: 1 })).body;
    await until('the kill', () => point === undefined, { timeoutMs: 30_000 });
    await running.startWorker();
    const task = await running.poll(task_id, { timeoutMs: 60_000 });
    return { point: at, task, calls: shop.calls.slice(called), asked: model.calls.length - asked };
  };
}

test('if a worker is killed at any step, the next one repeats no finished step', async () => {
  const lanes = Array.from({ length: LANES }, async (_, number) => {
    const runThroughKill = await openLane(number);
    const runs = [];
    for (const point of POINTS.filter((_, n) => n % LANES === number)) runs.push(await runThroughKill(point));
    return runs;
  });
  for (const { point, task, calls, asked } of (await Promise.all(lanes)).flat()) {
    const where = JSON.stringify(point);
    const count = (path: string) => calls.filter((call) => call === path).length;
    const { answer, tool_calls } = task.result as { answer: string; tool_calls: { error: string | null }[] };
    const [charge, look] = tool_calls;
    expect([where, task.status, answer]).toEqual([where, 'SUCCESS', 'Charged and seen.']);

    // A POST is made once, wherever the worker died. If its answer was lost, the model was told so.
    expect([where, count('/charge')]).toEqual([where, 1]);
    if (point.during === 'call' && point.path === '/charge') expect(charge?.error).toMatch(/not known/);
    if (point.during === 'turn' || point.path === '/look')
      expect([where, charge?.error]).toEqual([where, null]);
    // An interrupted GET is made again; a finished one is not.
    expect([where, look?.error]).toEqual([where, null]);
    if (point.during === 'call' && point.path === '/look') expect(count('/look')).toBe(2);
    if (point.during === 'turn' || point.path === '/charge')
      expect([where, count('/look')]).toEqual([where, 1]);
    // Only an interrupted model turn is requested again.
    const again = asked - TURNS.length;
    if (point.during === 'after') expect([where, again === 0 || again === 1]).toEqual([where, true]);
    else expect([where, again]).toEqual([where, point.during === 'turn' ? 1 : 0]);
  }
}, 180_000);
