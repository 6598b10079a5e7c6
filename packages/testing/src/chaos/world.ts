import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiProcess, RedisServer, Stack } from '../index.js';
import { sendJson, startHttpServer, startRedisServer, startStack } from '../index.js';

/** Tool calls that each task makes. None of them may be made twice: the tool is not `repeat_safe`. */
export const CALLS = 2;
/** How long the longest of them takes. */
const MOST_CALL_MS = 100;
const APIS = 2;
const WORKERS = 3;
const SUPERVISE_MS = 500;

/** The product as processes, with what stands around it: what its agent calls, and who is told of its ends. */
export interface World {
  redis: RedisServer;
  stack: Stack;
  token: string;
  /** How often the shop was called, by order and number of the call. */
  charges: Map<string, number>;
  /** The `webhook-id`s under which each task's end was told. */
  told: Map<string, Set<string>>;
  /** An api that runs; undefined where all have just died. */
  api(): ApiProcess | undefined;
  /** Ends the supervision: what dies from now on stays dead. */
  stop(): Promise<void>;
}

/** Counts one more under a key. */
const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);

/** Starts it all, with an agent that charges CALLS times and a callback. What dies is started again, as compose does. */
export async function startWorld(): Promise<World> {
  const charges = new Map<string, number>();
  const told = new Map<string, Set<string>>();
  const shop = await startHttpServer(async ({ path }, response) => {
    count(charges, path);
    await sleep(MOST_CALL_MS * Math.random());
    sendJson(response, { ok: true });
  });
  const receiver = await startHttpServer(({ headers, body }, response) => {
    const { data } = JSON.parse(body) as { data: { task_id: string } };
    told.set(data.task_id, (told.get(data.task_id) ?? new Set()).add(String(headers['webhook-id'])));
    response.writeHead(204).end();
    receiver.calls.length = 0;
    shop.calls.length = 0;
  });
  const redis = await startRedisServer({ aof: true });
  const env = { EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'warn' };
  const stack = await startStack({ redisUrl: redis.url, apis: APIS, workers: WORKERS, env });
  const alive = <P extends { exit(): unknown }>(all: P[]) => all.filter(({ exit }) => exit() === undefined);
  const supervision = setInterval(() => {
    // One that dies while it starts is started again at the next look.
    if (alive(stack.apis).length < APIS) stack.startApi().catch(() => undefined);
    if (alive(stack.workers).length < WORKERS) stack.startWorker().catch(() => undefined);
  }, SUPERVISE_MS);

  const agent = await stack.createAgent({
    name: 'Charges',
    tools: [
      {
        type: 'http',
        name: 'charge',
        method: 'POST',
        url: `${shop.url}/{{ payload.order }}/{{ args.n }}`,
        parameters: { type: 'object', properties: { n: { type: 'integer' } } },
      },
    ],
    callback: { url: receiver.url },
  });
  const { token } = await stack.mintWebhook(agent.id);
  return {
    redis,
    stack,
    token,
    charges,
    told,
    api: () => {
      const running = alive(stack.apis);
      return running[Math.floor(Math.random() * running.length)];
    },
    stop: async () => {
      clearInterval(supervision);
      await stack.stop();
      await Promise.all([redis.stop('SIGKILL'), shop.close(), receiver.close()]);
    },
  };
}
