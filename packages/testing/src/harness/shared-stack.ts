import { Redis } from 'ioredis';
import { emptyRedis } from './empty-redis.js';
import type { ManagedProcess } from './managed-process.js';
import { logsOf, type Stack, startStack } from './stack.js';
import { until } from './wait.js';

/** Above the databases of the workers themselves, which `freshRedis` empties. */
const FIRST_DATABASE = 128;

/**
 * What most suites need: tools and callbacks reach this machine's servers, and `X-Forwarded-For` names a
 * caller.
 */
const ENV = { EGRESS_ALLOW: '127.0.0.1', TRUST_PROXY: 'loopback' };

let running: Stack | undefined;

/**
 * One api and one worker, started by the first suite of this test process and used by all that ask. Each
 * suite gets them with an empty database. For suites that kill no process, lock out no address and need no
 * environment of their own; the others call `startStack`.
 *
 * @returns the stack; `logs` begins here, and `stop` leaves it running
 */
export async function sharedStack(): Promise<Stack> {
  const { TEST_REDIS_URL, JEST_WORKER_ID = '1' } = process.env;
  const redisUrl = `${TEST_REDIS_URL}/${FIRST_DATABASE + (Number(JEST_WORKER_ID) % FIRST_DATABASE)}`;
  await empty(redisUrl);
  running ??= await startStack({ redisUrl, env: ENV });
  const { url, logs } = running;
  if (running.apis[0]?.exit() || running.workers[0]?.exit())
    throw new Error(`a suite has ended a process that all share\n${logs()}`);
  const isReady = async () => (await fetch(`${url}/readyz`)).ok;
  await until('the shared stack is ready again', isReady, { timeoutMs: 30_000 });
  const [apis, workers] = [running.apis.map(fromNow), running.workers.map(fromNow)];
  return {
    ...running,
    apis,
    workers,
    startApi: refuse,
    startWorker: refuse,
    logs: () => logsOf(apis, workers),
    stop: async () => {},
  };
}

/** A running process whose log begins here, and which no suite may end. */
function fromNow<P extends ManagedProcess>(process: P): P {
  const { length } = process.log();
  return { ...process, log: () => process.log().slice(length), signal: refuse, stop: refuse };
}

function refuse(): never {
  throw new Error('All suites share these processes: use startStack to start or end some.');
}

async function empty(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  await emptyRedis(redis);
  await redis.quit();
}
