import { Redis } from 'ioredis';
import { type RedisServer, type Stack, startRedisServer, startStack } from '../harness/index.js';

/** BullMQ's names for the sets of the first shard's queue. */
const QUEUE = '{agenthook:0}:tasks';
const INDEX = '{agenthook:0}:index';

/** The product as deployed, on its own Redis with an append-only file, and one agent that does nothing. */
export interface System {
  stack: Stack;
  server: RedisServer;
  webhookUrl: string;
  /** The process id of the api. */
  apiPid: number;
  /** How many tasks wait, and how many have ended; O(1) commands. */
  waiting(): Promise<number>;
  finished(): Promise<{ succeeded: number; failed: number }>;
  /** Empties the queue: its tasks will never run. */
  dropWaiting(): Promise<void>;
  stop(): Promise<void>;
}

/** @param workers how many worker processes, beside one api */
export async function startSystem(workers: number): Promise<System> {
  const server = await startRedisServer({ aof: true });
  // Ctrl-C in a terminal reaches the server before this.
  const redis = new Redis(server.url).on('error', () => {});
  let stack: Stack | undefined;
  const stop = async () => {
    await stack?.stop();
    redis.disconnect();
    await server.stop('SIGKILL');
  };
  try {
    // Rewriting the file takes a core for a second or more, in an arbitrary round.
    await redis.config('SET', 'auto-aof-rewrite-percentage', 0);
    stack = await startStack({ redisUrl: server.url, workers });
    const agent = await stack.createAgent({
      name: 'No-op',
      model: 'sandbox:echo',
      limits: { max_pending: 1_000_000 },
    });
    const { token } = await stack.mintWebhook(agent.id);
    return {
      stack,
      server,
      apiPid: stack.apis[0]?.pid ?? 0,
      webhookUrl: `${stack.url}/api/webhooks/agents/${token}`,
      waiting: () => redis.zcard(`${QUEUE}:prioritized`),
      finished: async () => ({
        succeeded: await redis.zcard(`${QUEUE}:completed`),
        failed: await redis.zcard(`${QUEUE}:failed`),
      }),
      dropWaiting: async () => {
        await redis.del(`${QUEUE}:prioritized`, `${INDEX}:all:PENDING`, `${INDEX}:${agent.id}:PENDING`);
      },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}
