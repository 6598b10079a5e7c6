import type { ApiProcess, ManagedProcess, RedisServer, Shop, Stack } from '../index.js';
import { startHttpServer, startRedisServer, startShop, startStack } from '../index.js';

/** How many tool calls each task makes. None may be made twice, because the tool is not `repeat_safe`. */
export const CALLS = 2;
/** How long the longest of them takes. */
const MOST_CALL_MS = 100;
const APIS = 2;
const WORKERS = 3;
const SUPERVISE_MS = 500;

/**
 * The product's processes and their surroundings: the server that its agent calls, and the receiver of its
 * callbacks.
 */
export interface World {
  redis: RedisServer;
  stack: Stack;
  token: string;
  shop: Shop;
  /** The `webhook-id`s under which each task's end was delivered. */
  told: Map<string, Set<string>>;
  /** A running api; undefined if all have just died. */
  api(): ApiProcess | undefined;
  /** Ends the supervision: what dies from now on stays dead. */
  stop(): Promise<void>;
}

/** The running ones of some processes. */
export const running = <P extends ManagedProcess>(all: P[]): P[] =>
  all.filter(({ exit }) => exit() === undefined);

/**
 * Starts everything, with an agent that charges CALLS times and a callback. What dies is restarted, as
 * compose does.
 */
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
    // A process that dies during its start is restarted at the next check.
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
