import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ApiClient, apiClient } from './api-client.js';
import { freshRedis } from './fresh-redis.js';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { freePort } from './ports.js';
import { until } from './wait.js';

export interface StackOptions {
  /** Default: this Jest worker's own database, emptied first. */
  redisUrl?: string;
  /** How many processes of each kind; default 1. */
  apis?: number;
  workers?: number;
  /** More environment for all of them, for example provider keys. They inherit nothing from the test run. */
  env?: Record<string, string>;
}

export interface ApiProcess extends ManagedProcess {
  readonly url: string;
}

/** Real api and worker processes with their own keys, and what an outside program does with them. */
export interface Stack extends ApiClient {
  /** The first api's URL, without a trailing slash. */
  readonly url: string;
  readonly adminKey: string;
  readonly secretKey: string;
  readonly redisUrl: string;
  /** In order of their start. Ended ones stay in the list. */
  readonly apis: ApiProcess[];
  readonly workers: ManagedProcess[];
  startApi(env?: Record<string, string>): Promise<ApiProcess>;
  startWorker(env?: Record<string, string>): Promise<ManagedProcess>;
  /** The output of all processes, each under its name. */
  logs(): string;
  /** Stops every running process. */
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const READY_MS = 60_000;
/** Short, because it bounds how long a test waits that stops a worker in the middle of a task. */
const GRACE_SECONDS = '5';

/**
 * The path of a built program. Throws if it is missing.
 *
 * @param root the folder of the product; default: this one
 */
export const bundled = (app: string, file: string, root: string = ROOT): string => {
  const path = join(root, 'apps', app, 'bundle', file);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm run build\` first.`);
  return path;
};

/** The output of processes, each under its name. */
export function logsOf(apis: ManagedProcess[], workers: ManagedProcess[]): string {
  const named = (kind: string) => (process: ManagedProcess, n: number) =>
    `--- ${kind} ${n}\n${process.log()}`;
  return [...apis.map(named('api')), ...workers.map(named('worker'))].join('\n');
}

/** How many workers the api considers alive. */
async function liveWorkers(api: ApiProcess): Promise<number> {
  const { workers } = (await (await fetch(`${api.url}/readyz`)).json()) as { workers: number };
  return workers;
}

/**
 * Starts the built api and worker as processes on free ports and waits until they are ready to accept and run
 * tasks. With `workers: 0`, waits only until the api answers.
 *
 * @throws with all logs if they do not become ready
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { apis: apiCount = 1, workers: workerCount = 1 } = options;
  const ownRedis = options.redisUrl === undefined ? await freshRedis() : undefined;
  const redisUrl = options.redisUrl ?? (ownRedis?.url as string);
  await ownRedis?.close();
  const adminKey = randomBytes(24).toString('base64url');
  const secretKey = randomBytes(24).toString('base64url');
  const common = {
    REDIS_URL: redisUrl,
    ADMIN_API_KEY: adminKey,
    SECRET_KEY: secretKey,
    SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS,
    // As the image and `npm start` set it.
    MALLOC_ARENA_MAX: '1',
    ...options.env,
  };
  const apis: ApiProcess[] = [];
  const workers: ManagedProcess[] = [];
  const logs = () => logsOf(apis, workers);
  const stop = async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await Promise.all(workers.map((worker) => worker.stop()));
    // The next suite of this Jest worker may have another SECRET_KEY, which a used database refuses.
    if (options.redisUrl === undefined) await (await freshRedis()).close();
  };
  /** Waits until a process is ready, or throws if it ends first. */
  const ready = async (started: ManagedProcess, what: string, isReady: () => Promise<boolean>) => {
    await until(what, () => started.exit() !== undefined || isReady(), { timeoutMs: READY_MS });
    if (started.exit() !== undefined) throw new Error(`a process ended instead: ${what}`);
  };

  const startApi = async (env: Record<string, string> = {}) => {
    const port = await freePort();
    const args = ['--max-semi-space-size=4', bundled('api', 'server.js')];
    const started = await startProcess(process.execPath, args, {
      env: { ...common, PORT: String(port), ...env },
    });
    const api = { ...started, url: `http://127.0.0.1:${port}` };
    apis.push(api);
    await ready(started, 'the api answers', async () => (await fetch(`${api.url}/healthz`)).ok);
    return api;
  };
  const startWorker = async (env: Record<string, string> = {}) => {
    const worker = await startProcess(process.execPath, [bundled('worker', 'main.js')], {
      env: { ...common, ...env },
    });
    workers.push(worker);
    const runs = ({ exit }: ManagedProcess) => exit() === undefined;
    // Counted again each time, because the api may not know yet that one was killed a moment ago.
    const isSeen = async () => {
      const api = apis.find(runs);
      return api !== undefined && (await liveWorkers(api)) >= workers.filter(runs).length;
    };
    if (apis.length > 0) await ready(worker, 'the api sees the worker', isSeen);
    return worker;
  };

  try {
    await Promise.all(Array.from({ length: apiCount }, () => startApi()));
    await Promise.all(Array.from({ length: workerCount }, () => startWorker()));
  } catch (cause) {
    await stop();
    throw new Error(`the stack did not start\n${logs()}`, { cause });
  }
  const url = apis[0]?.url ?? '';
  return {
    ...apiClient(url, adminKey),
    url,
    adminKey,
    secretKey,
    redisUrl,
    apis,
    workers,
    startApi,
    startWorker,
    logs,
    stop,
  };
}
