import type { ApiProcess, ManagedProcess, RedisServer, Shop, Stack } from '../index.js';
import { startHttpServer, startRedisServer, startShop, startStack } from '../index.js';

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
  shop: Shop;
  /** The `webhook-id`s under which each task's end was told. */
  told: Map<string, Set<string>>;
  /** An api that runs; undefined where all have just died. */
  api(): ApiProcess | undefined;
  /** Ends the supervision: what dies from now on stays dead. */
  stop(): Promise<void>;
}

/** Those of some processes that run. */
export const running = <P extends ManagedProcess>(all: P[]): P[] =>
  all.filter(({ exit }) => exit() === undefined);

/** Starts it all, with an agent that charges CALLS times and a callback. What dies is started again, as compose does. */
export async function startWorld(): Promise<World> {
  const told = new Map<string, Set<string>>();
  const shop = await startShop({ slowestMs: MOST_CALL_MS });
  const receiver = await startHttpServer(({ headers, body }, response) => {
    const { data } = JSON.parse(body) as { data: { task_id: string } };
    told.set(data.task_id, (told.get(data.task_id) ?? new Set()).add(String(headers['webhook-id'])));
    response.writeHead(204).end();
    receiver.calls.length = 0;
  });
  const redis = await startRedisServer({ aof: true });
  const env = { EGRESS_ALLOW: '127.0.0.1', LOG_LEVEL: 'warn' };
  const stack = await startStack({ redisUrl: redis.url, apis: APIS, workers: WORKERS, env });
  const supervision = setInterval(() => {
    // One that dies while it starts is started again at the next look.
    if (running(stack.apis).length < APIS) stack.startApi().catch(() => undefined);
    if (running(stack.workers).length < WORKERS) stack.startWorker().catch(() => undefined);
  }, SUPERVISE_MS);

  const agent = await stack.createAgent({
    name: 'Charges',
    tools: [shop.tool],
    sandbox_tools: true,
    callback: { url: receiver.url },
  });
  const { token } = await stack.mintWebhook(agent.id);
  return {
    redis,
    stack,
    token,
    shop,
    told,
    api: () => {
      const apis = running(stack.apis);
      return apis[Math.floor(Math.random() * apis.length)];
    },
    stop: async () => {
      clearInterval(supervision);
      await stack.stop();
      await Promise.all([redis.stop('SIGKILL'), shop.close(), receiver.close()]);
    },
  };
}
