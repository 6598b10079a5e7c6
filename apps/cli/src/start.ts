import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@agenthook/async';
import { SIGN_IN_LINK_SECONDS, type SignInLink } from '@agenthook/contracts';
import { apiClient } from './api-client.js';
import { ANSI, banner, PLAIN } from './banner.js';
import { findFirstAgent } from './first-agent.js';
import { type KeyName, makeKeys, readKey } from './keys.js';
import { createLauncher, type Launcher } from './launcher.js';
import { type Lock, takeLock } from './lock.js';
import { requireFreePort } from './ports.js';
import { isProcess, waitWhile } from './processes.js';
import { configureRedis, redisAnswers, stopLeftoverRedis } from './redis.js';
import { readSettings, type Settings, shownPath } from './settings.js';
import { stopServices } from './shutdown.js';
import { stopRequests } from './signals.js';
import { UserError } from './user-error.js';

const READY_MS = 60_000;
const API_SCRIPT = join('apps', 'api', 'bundle', 'server.js');
/** An idle api is smaller with a young generation of that size, in MB. A worker would need more CPU. */
const API_MEMORY = '--max-semi-space-size=4';
/** With one arena, glibc returns memory that it otherwise keeps for each thread. */
const ONE_ARENA = '1';
const WORKER_SCRIPT = join('apps', 'worker', 'bundle', 'main.js');

/** For processes that do not manage agents: outside text influences a worker. */
const NO_ADMIN_KEY = { ADMIN_API_KEY: undefined, ADMIN_API_KEY_FILE: undefined };

const say = (line: string) => {
  const time = new Date().toTimeString().slice(0, 8);
  console.log(`${time} ${line}`);
};

/**
 * Waits for the processes of a killed launcher. Api and worker end by themselves within their grace period;
 * Redis is told to.
 */
async function clearLeftovers(settings: Settings, { previousChildren }: Lock): Promise<void> {
  const left = () =>
    Object.entries({ api: API_SCRIPT, worker: WORKER_SCRIPT })
      .map(([name, script]) => ({ name, script, pid: previousChildren[name] }))
      .filter(({ pid, script }) => pid !== undefined && isProcess(pid, script));
  if (left().length > 0) say('waiting for processes of the last run to end');
  if (!(await waitWhile(() => left().length > 0, settings.graceMs + 5000))) {
    for (const { pid } of left()) process.kill(pid as number, 'SIGKILL');
  }
  await stopLeftoverRedis(join(settings.dataDir, 'redis'), previousChildren.redis);
}

/** Starts Redis on the data folder, waits until it has loaded its data, and returns its URL. */
async function startRedis(settings: Settings, launcher: Launcher): Promise<string> {
  const redis = await configureRedis(join(settings.dataDir, 'redis'));
  const env = { ...NO_ADMIN_KEY, SECRET_KEY: undefined, SECRET_KEY_FILE: undefined };
  launcher.launch('redis', { command: redis.program, args: [redis.configFile], env });
  const patience = setTimeout(() => say('Redis is loading its data'), 5000);
  while (!(await redisAnswers(redis))) await sleep(20);
  clearTimeout(patience);
  return redis.url;
}

/** The two keys: from the environment, or from files in the data folder that are created once. */
function prepareKeys({ env, dataDir }: Settings) {
  const given = (name: KeyName) => env[name] !== undefined || env[`${name}_FILE`] !== undefined;
  const names = (['ADMIN_API_KEY', 'SECRET_KEY'] as const).filter((name) => !given(name));
  const made = makeKeys(dataDir, names);
  const files = Object.fromEntries(made.map(({ name, path }) => [`${name}_FILE`, path]));
  const path = files.ADMIN_API_KEY_FILE ?? env.ADMIN_API_KEY_FILE;
  return {
    files,
    adminKey: env.ADMIN_API_KEY ?? readKey(path as string),
    shown:
      env.ADMIN_API_KEY === undefined ? { path: shownPath(path as string) } : { variable: 'ADMIN_API_KEY' },
  };
}

async function waitReady(url: string): Promise<void> {
  let reason = 'no answer';
  const isWaiting = async () => {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) });
      if (response.ok) return false;
      reason = (await response.text()).slice(0, 300);
    } catch {}
    return true;
  };
  if (!(await waitWhile(isWaiting, READY_MS))) {
    throw new UserError(`not ready after ${READY_MS / 1000} s: ${reason}`);
  }
}

async function bringUp(settings: Settings, launcher: Launcher, startedAt: number): Promise<void> {
  const { root, dataDir, host, port, env, localUrl, publicUrl } = settings;
  const keys = prepareKeys(settings);
  const redisUrl = settings.redisUrl ?? (await startRedis(settings, launcher));
  const memory = { MALLOC_ARENA_MAX: env.MALLOC_ARENA_MAX ?? ONE_ARENA };
  const childEnv = { ...memory, ...keys.files, HOST: host, PORT: String(port), REDIS_URL: redisUrl };
  const workerEnv = { ...childEnv, ...NO_ADMIN_KEY };
  const ownRedis = settings.redisUrl === undefined && { REDIS_DATA_DIR: join(dataDir, 'redis') };
  const apiEnv = { ...childEnv, ...ownRedis };
  const apiArgs = [API_MEMORY, join(root, API_SCRIPT)];
  launcher.launch('api', { command: process.execPath, args: apiArgs, env: apiEnv });
  launcher.launch('worker', { command: process.execPath, args: [join(root, WORKER_SCRIPT)], env: workerEnv });
  await waitReady(localUrl);
  const api = apiClient(localUrl, keys.adminKey);
  const first = await findFirstAgent(api, join(dataDir, 'first-agent.json'));
  const link = await api<SignInLink>('POST', '/api/session/links', {});
  const signIn =
    link.body?.url === undefined ? undefined : { url: link.body.url, minutes: SIGN_IN_LINK_SECONDS / 60 };
  const isTerminal = process.stdout.isTTY && env.NO_COLOR === undefined;
  const startSeconds = (Date.now() - startedAt) / 1000;
  const logsDir = shownPath(join(dataDir, 'logs'));
  const facts = { localUrl, publicUrl, adminKey: keys.shown, logsDir, first, signIn, startSeconds };
  console.log(banner(facts, isTerminal ? ANSI : PLAIN));
}

/**
 * `agenthook start`: runs Redis, api and worker until SIGINT or SIGTERM and leaves no process behind.
 *
 * @param root the repository's folder
 * @returns the exit code: 0 after an orderly stop, 130 after a second Ctrl-C
 * @throws UserError if it cannot start; whatever it had started is stopped by then
 */
export async function start(root: string, processEnv: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = Date.now();
  if (process.platform === 'win32') throw new UserError('on Windows, use WSL or docker compose up');
  const settings = readSettings(root, processEnv);
  const { dataDir } = settings;
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const stop = stopRequests();
  const lock = await takeLock(dataDir);
  const launcher = createLauncher(settings, lock, say);
  const { services } = launcher;
  const unlessStopped = (work: Promise<void>) => Promise.race([work, launcher.failed, stop.first]);

  let failure: unknown;
  try {
    await unlessStopped(clearLeftovers(settings, lock).then(() => requireFreePort(settings)));
    if (!stop.isRequested()) await unlessStopped(bringUp(settings, launcher, startedAt));
    launcher.started();
    await stop.first;
    say('stopping; Ctrl-C again kills at once');
  } catch (error) {
    failure = error;
  }
  launcher.halt();
  const killed = stop.second.then(async () => {
    for (const service of Object.values(services)) service.kill();
    await Promise.all(Object.values(services).map((service) => service.stop()));
    return 130;
  });
  const code = await Promise.race([killed, stopServices(services, settings.graceMs, say).then(() => 0)]);
  launcher.close();
  lock.release();
  if (failure !== undefined) throw failure;
  return code;
}
