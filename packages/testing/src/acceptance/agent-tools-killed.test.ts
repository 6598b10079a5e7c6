import { afterAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Stack, startStack, until } from '../index.js';

// A run that calls an agent in each of two turns. Its journal has eight entries: the prompt, a turn, the
// start and end of a call, again a turn, a start and an end, and the last turn. That of a child has three:
// the prompt and two turns. In each run, the worker is killed once one of the journals has some entries.

const OF_PARENT = 8;
const OF_CHILD = 3;
/** How many runs there are at the same time, each with its own processes. */
const AT_ONCE = 3;

const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));

interface Trace {
  status: string;
  result: { answer: string };
  steps: { tool_calls: { result: unknown; error: string | null; child?: { task_id: string } }[] }[];
}

/** Starts processes. Returns a function that runs a task through a kill at an entry of a journal. */
async function openLane(number: number) {
  const base = process.env.TEST_REDIS_URL?.replace(/\/\d*$/, '');
  const stack: Stack = await startStack({
    redisUrl: `${base}/${220 + number}`,
    env: { TASK_LOCK_SECONDS: '3' },
  });
  const redis = new Redis(stack.redisUrl).on('error', () => {});
  cleanUps.push(stack.stop, async () => redis.disconnect());
  const common = { model: 'sandbox:echo', sandbox_tools: true, input_schema: { type: 'object' } };
  const child = await stack.createAgent({ name: 'Child', ...common });
  const tools = [{ type: 'agent', name: 'ask', agent_id: child.id }];
  const parent = await stack.createAgent({ name: 'Parent', ...common, tools });
  const { token } = await stack.mintWebhook(parent.id);
  const ask = (reply: string) => ({
    tool: { name: 'ask', arguments: { sandbox: { steps: [{ text: 'Working.', latency_ms: 400 }], reply } } },
  });
  const traceOf = async (id: string) => (await stack.request<Trace>('GET', `/api/tasks/${id}`)).body;

  /** Kills the worker once a journal has so many entries, and starts another one. */
  const killAt = async (taskId: string, entries: number) => {
    const log = `{agenthook:0}:log:${taskId}`;
    let last = '0-0';
    for (let seen = 0; seen < entries; ) {
      const found = await redis.xread('COUNT', entries - seen, 'BLOCK', 30_000, 'STREAMS', log, last);
      const rows = found?.[0]?.[1] ?? [];
      // The journal of a task that has ended is stored elsewhere.
      if (rows.length === 0) break;
      seen += rows.length;
      last = rows.at(-1)?.[0] ?? last;
    }
    stack.workers.at(-1)?.signal('SIGKILL');
    await stack.startWorker();
  };

  const firstChildOf = (id: string) =>
    until('the parent has called', async () => {
      const calls = (await traceOf(id)).steps.flatMap(({ tool_calls }) => tool_calls);
      return calls[0]?.child?.task_id;
    });

  return async ({ of, entries }: { of: 'parent' | 'child'; entries: number }) => {
    const before = (await stack.taskIds(child.id)).length;
    const steps = [ask('One.'), ask('Two.')];
    const { task_id } = (await stack.trigger(token, { sandbox: { steps, reply: 'Done.' } })).body;
    const killed = killAt(of === 'parent' ? task_id : await firstChildOf(task_id), entries);
    // A failure before it is awaited must not end the process.
    killed.catch(() => {});
    await stack.poll(task_id, { timeoutMs: 60_000 });
    await killed;
    return { at: `${of} ${entries}`, trace: await traceOf(task_id), made: await childrenSince(before) };
  };

  async function childrenSince(before: number) {
    const ids = await stack.taskIds(child.id);
    return ids.slice(0, ids.length - before);
  }
}

test('a worker that is killed at any entry: each call makes one task, and the parent ends once, with both results', async () => {
  const kills = [
    ...Array.from({ length: OF_PARENT }, (_, n) => ({ of: 'parent' as const, entries: n + 1 })),
    ...Array.from({ length: OF_CHILD }, (_, n) => ({ of: 'child' as const, entries: n + 1 })),
  ];
  const lanes = Array.from({ length: AT_ONCE }, async (_, number) => {
    const runThroughKill = await openLane(number);
    const runs = [];
    for (const kill of kills.filter((_kill, n) => n % AT_ONCE === number))
      runs.push(await runThroughKill(kill));
    return runs;
  });
  for (const { at, trace, made } of (await Promise.all(lanes)).flat()) {
    expect([at, trace.status, trace.result.answer]).toEqual([at, 'SUCCESS', 'Done.']);
    const calls = trace.steps.flatMap(({ tool_calls }) => tool_calls);
    expect([at, calls.map(({ result, error }) => [result, error])]).toEqual([
      at,
      [
        ['One.', null],
        ['Two.', null],
      ],
    ]);
    expect([at, made.toSorted()]).toEqual([at, calls.map(({ child }) => child?.task_id).toSorted()]);
  }
}, 240_000);
