import { afterEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { atOnce } from '../harness/at-once.js';
import {
  type EventReader,
  type ReceivedEvent,
  readEvents,
  type Stack,
  sendJson,
  startHttpServer,
  startOpenAiServer,
  startRedisServer,
  startStack,
  until,
} from '../index.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

async function start(options: { apis?: number; workers?: number; env?: Record<string, string> } = {}) {
  const redis = await startRedisServer({ aof: true });
  cleanUps.push(() => redis.stop());
  const running = await startStack({
    ...options,
    redisUrl: redis.url,
    env: { EGRESS_ALLOW: '127.0.0.1', ...options.env },
  });
  cleanUps.push(running.stop);
  return { running, redis, withKey: { authorization: `Bearer ${running.adminKey}` } };
}

const eventsOf = (url: string, taskId: string, headers = {}) =>
  readEvents(`${url}/api/tasks/${taskId}/events`, headers);

/** An agent that may call a shop, and a task that does so twice between texts. */
async function shopTask({ createAgent, mintWebhook, trigger }: Stack, latency_ms: number): Promise<string> {
  const shop = await startHttpServer((_call, response) => sendJson(response, { stock: 4711 }));
  cleanUps.push(shop.close);
  const tools = [{ type: 'http', name: 'stock', method: 'GET', url: `${shop.url}/stock?key=HIDDEN` }];
  const { token } = await mintWebhook(
    (await createAgent({ name: 'Watched', tools, sandbox_tools: true })).id,
  );
  const ask = { name: 'stock', arguments: {} };
  const steps = [
    { text: 'First I look.', tool: ask, latency_ms },
    { latency_ms, tool: ask },
    { text: 'Now I think.', latency_ms },
    { text: 'Soon.', latency_ms },
  ];
  return (await trigger(token, { sandbox: { steps, reply: 'Done.' } })).body.task_id;
}

const FULL = [
  ...['text', 'step', 'tool_call', 'tool_result', 'step', 'tool_call', 'tool_result'],
  ...['text', 'step', 'text', 'step', 'text', 'step', 'finished'],
];
const names = (events: ReceivedEvent[]) => events.map(({ event }) => event);
/** Without states, because some may pass between two checks. */
const told = (events: ReceivedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [] : [{ event, data }]));

test('a task is watched from PENDING to its end: in full with the key, only its texts without', async () => {
  const { running, withKey } = await start({ workers: 0 });
  const id = await shopTask(running, 300);
  const [full, open] = await Promise.all([eventsOf(running.url, id, withKey), eventsOf(running.url, id)]);
  await Promise.all([full.has('status'), open.has('status')]);
  await running.startWorker();
  const arrived: number[] = [];
  for (let n = 1; n <= 4; n++) {
    await full.has('text', n, 30_000);
    arrived.push(performance.now());
  }
  // Not all at once at the end.
  expect((arrived.at(-1) ?? 0) - (arrived[0] ?? 0)).toBeGreaterThan(500);
  expect(await Promise.all([full.ended, open.ended])).toEqual(['end', 'end']);

  expect(names(full.events())).toEqual(['status', 'status', ...FULL]);
  expect(names(open.events())).toEqual(['status', 'status', 'text', 'text', 'text', 'text', 'finished']);
  expect(full.events().slice(0, 2)).toMatchObject([
    { data: { task_id: id, status: 'PENDING', attempt: 0 } },
    { data: { status: 'STARTED', attempt: 1, started_at: expect.any(String) } },
  ]);
  const [call] = full.events().filter(({ event }) => event === 'tool_call');
  const [result] = full.events().filter(({ event }) => event === 'tool_result');
  expect(call?.data).toMatchObject({ step: 1, name: 'stock', arguments: {} });
  expect(result?.data).toMatchObject({ step: 1, call: call?.data.call, error: null });
  expect(JSON.stringify(result?.data.result)).toContain('4711');
  const said = open.events().filter(({ event }) => event === 'text');
  expect(said.map(({ data }) => data.text)).toEqual(['First I look.', 'Now I think.', 'Soon.', 'Done.']);
  // The end equals a poll's answer; nothing before it shows the tools.
  expect(open.events().at(-1)?.data).toEqual((await running.status(id)).body);
  expect(JSON.stringify(open.events().slice(0, -1))).not.toMatch(/stock|4711|HIDDEN|tokens|arguments/);

  const late = await eventsOf(running.url, id, withKey);
  expect(await late.ended).toBe('end');
  expect(told(late.events())).toEqual(told(full.events()));
  const last = full.events().at(-1)?.id ?? '';
  expect((await eventsOf(running.url, id, { 'last-event-id': last })).status).toBe(204);
  // The URL is a credential, and a reader who leaves is no reason for a warning.
  expect(running.logs()).not.toMatch(/\/events|"level":[456]0/);
}, 120_000);

test('a stream whose api was killed resumes at another, with nothing lost and nothing twice', async () => {
  const { running, withKey } = await start({ apis: 2 });
  const [first, second] = running.apis;
  const id = await shopTask(running, 700);
  const before = await eventsOf(first?.url ?? '', id, withKey);
  const whole = await eventsOf(second?.url ?? '', id, withKey);
  await before.has('tool_result');
  first?.signal('SIGKILL');
  expect(await before.ended).toBe('lost');
  const seen = before.events();
  const rest = await eventsOf(second?.url ?? '', id, {
    ...withKey,
    'last-event-id': seen.at(-1)?.id ?? '',
  });
  expect(await Promise.all([rest.ended, whole.ended])).toEqual(['end', 'end']);
  expect(told([...seen, ...rest.events()])).toEqual(told(whole.events()));
  expect(names(told(whole.events()) as ReceivedEvent[])).toEqual(FULL);

  // Wherever a connection is lost, the stream resumes exactly there.
  const all = whole.events();
  for (const [index, { id: seenId }] of all.entries()) {
    const resumed = await eventsOf(second?.url ?? '', id, { ...withKey, 'last-event-id': seenId });
    await resumed.ended;
    expect([index, told(resumed.events())]).toEqual([index, told(all.slice(index + 1))]);
  }
}, 120_000);

test('a thousand readers, of one task and of many, share one connection; five hundred who leave, leave nothing', async () => {
  const { running, redis } = await start({ env: { WORKER_CONCURRENCY: '1000' } });
  const connection = new Redis(redis.url);
  cleanUps.push(() => connection.disconnect());
  // No task ends before all read.
  const everything = { scope: 'installation' };
  expect((await running.request('POST', '/api/pause', everything)).status).toBe(200);
  const { token } = await running.mintWebhook((await running.createAgent({ name: 'Many' })).id);
  const fire = async () => {
    const { status, body } = await running.trigger(token, { sandbox: { reply: 'done' } });
    expect(status).toBe(200);
    return body.task_id;
  };
  // Not all at once, because client and server share the machine.
  const inTurns = async <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    while (all.length < count) {
      const some = Math.min(25, count - all.length);
      all.push(...(await Promise.all(Array.from({ length: some }, (_, n) => act(all.length + n)))));
    }
    return all;
  };
  const clients = async () => ((await connection.client('LIST')) as string).split('\n').length;
  const one = await fire();
  const many = await inTurns(500, fire);
  const sample = await eventsOf(running.url, one);
  await sample.has('status');
  const before = await clients();

  const open = async (ids: string[]) => {
    const readers = await inTurns(ids.length, (n) => eventsOf(running.url, ids[n] ?? ''));
    expect(readers.filter(({ status }) => status !== 200)).toHaveLength(0);
    return readers;
  };
  const stay = await open([...many, ...many.map(() => one)]);
  const drop = await open(many);
  await until('all have the state', () => drop.every((reader) => reader.text().includes('event: status')), {
    timeoutMs: 60_000,
  });
  expect(await clients()).toBe(before);
  for (const [n, reader] of drop.entries()) reader.close(n % 2 === 0);
  expect((await running.request('POST', '/api/resume', everything)).status).toBe(204);

  expect(await Promise.all(stay.map(({ ended }) => ended))).toEqual(stay.map(() => 'end'));
  for (const reader of stay) {
    const finished = reader.events().filter(({ event }) => event === 'finished');
    expect(finished).toMatchObject([{ data: { status: 'SUCCESS' } }]);
  }
  await sample.ended;
  // Once no one follows a task, no subscription remains.
  await until('the api has unsubscribed', async () => {
    const blocked = ((await connection.client('LIST')) as string).split('\n');
    return blocked.every((line) => !/ flags=\w*b\w* .* cmd=xread/.test(line));
  });
  expect(await clients()).toBe(before);
}, 180_000);

test('a stop ends every stream at once, also that of a slow reader; each resumes elsewhere', async () => {
  const { running } = await start({ apis: 2, env: { SHUTDOWN_GRACE_SECONDS: '20' } });
  const [first, second] = running.apis;
  const id = await shopTask(running, 2_000);
  const readers: EventReader[] = await Promise.all(
    Array.from({ length: 20 }, () => eventsOf(first?.url ?? '', id)),
  );
  await Promise.all(readers.map((reader) => reader.has('text')));
  readers[0]?.pause();
  const began = performance.now();
  expect(await first?.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(15_000);
  readers[0]?.resume();
  for (const reader of readers) {
    expect(await reader.ended).toBe('end');
    const last = reader.events().at(-1)?.id ?? '';
    const rest = await eventsOf(second?.url ?? '', id, { 'last-event-id': last });
    expect(await rest.ended).toBe('end');
    expect(names(told([...reader.events(), ...rest.events()]) as ReceivedEvent[])).toEqual([
      ...['text', 'text', 'text', 'text', 'finished'],
    ]);
  }
}, 120_000);

describe('streams that are open for long', () => {
  atOnce(
    {
      'a stream stays open while Redis is down, with heartbeats, and then continues': async () => {
        const { running, redis, withKey } = await start();
        const id = await shopTask(running, 1_000);
        const reader = await eventsOf(running.url, id, withKey);
        await reader.has('tool_result');
        await redis.down('SIGKILL');
        const refused = await eventsOf(running.url, id);
        await refused.ended;
        expect([refused.status, JSON.parse(refused.text()).code]).toEqual([503, 'redis_unavailable']);
        await until('a heartbeat', () => reader.text().includes(': keep-alive\n\n'), { timeoutMs: 20_000 });
        await redis.restart();
        await reader.has('finished', 1, 40_000);
        expect(await reader.ended).toBe('end');
        expect(names(told(reader.events()) as ReceivedEvent[])).toEqual(FULL);
      },
      'a reader who reads nothing is disconnected, delays no one, and resumes': async () => {
        const provider = await startOpenAiServer();
        cleanUps.push(provider.close);
        const { running, withKey } = await start({ env: { OPENAI_BASE_URL: provider.url } });
        const turns = 10;
        const long = (n: number) => `${n} ${'x'.repeat(900_000)}`;
        provider.respond(
          ...Array.from({ length: turns }, (_, n) => ({
            text: long(n),
            tool_calls: [{ name: 'nothing', arguments: {} }],
          })),
          { text: 'Done.' },
        );
        const agent = await running.createAgent({ name: 'Talkative', model: 'compatible:m' });
        const { token } = await running.mintWebhook(agent.id);
        const id = (await running.trigger(token, { question: 'hi' })).body.task_id;
        await running.poll(id, { timeoutMs: 30_000 });

        const slow = await eventsOf(running.url, id, withKey);
        slow.pause();
        // A busy machine may refuse with 503 at first; any client would try again.
        const quick = await until('a quick reader is admitted', async () => {
          const reader = await eventsOf(running.url, id, withKey);
          return reader.status === 200 && reader;
        });
        expect(await quick.ended).toBe('end');
        await until(
          'it is disconnected',
          () => running.logs().includes('a slow event reader was disconnected'),
          {
            timeoutMs: 45_000,
          },
        );
        slow.resume();
        expect(await slow.ended).toBe('lost');
        const seen = slow.events();
        expect(seen.length).toBeLessThan(quick.events().length);
        const rest = await eventsOf(running.url, id, { ...withKey, 'last-event-id': seen.at(-1)?.id ?? '' });
        expect(await rest.ended).toBe('end');
        expect(told([...seen, ...rest.events()])).toEqual(told(quick.events()));
        const texts = quick.events().filter(({ event }) => event === 'text');
        expect(texts.map(({ data }) => data.text.length)).toEqual([...Array(turns).fill(900_002), 5]);
      },
    },
    180_000,
  );
});
