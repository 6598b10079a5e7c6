import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis } from '../../../../scripts/lib/find.mjs';
import { type Exit, type ManagedProcess, startProcess } from './managed-process.js';
import { freePort } from './ports.js';
import { until } from './wait.js';

export interface RedisServerOptions {
  /** Writes an append-only file with each answer, which survives a kill. Default false: nothing on disk. */
  aof?: boolean;
  /** Its folder. Default: a temporary one, removed by `stop`. */
  dir?: string;
  port?: number;
  /** More options of redis-server, for example `{ 'cluster-enabled': 'yes' }`. */
  options?: Record<string, string>;
  /** More environment of it. */
  env?: Record<string, string>;
}

/** A redis-server for one test, which may stop, kill, freeze and restart it. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** The id of the current process. */
  readonly pid: number;
  /** Ends the process and keeps the data: SIGTERM saves it first, SIGKILL does not. */
  down(signal?: NodeJS.Signals): Promise<Exit>;
  /** Starts it again on the same port and data after `down`. Ends it first if it still runs. */
  restart(): Promise<void>;
  /** Freezes it: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its temporary folder. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const answersPing = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 }, () => socket.write('PING\r\n'));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });

/**
 * Starts a private Redis on 127.0.0.1 and waits until it answers.
 *
 * @throws if no server program is installed or it does not start
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = findRedis();
  if (program === undefined) throw new Error('No redis-server or valkey-server on PATH: install one.');
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'agenthook-redis-'));
  const settings = {
    port,
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: options.aof ? 'yes' : 'no',
    // The same as the product's own.
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    ...options.options,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);

  const launch = async (): Promise<ManagedProcess> => {
    const started = await startProcess(program, args, { env: options.env ?? {} });
    await until('Redis answers', () => started.exit() !== undefined || answersPing(port));
    if (started.exit() !== undefined) throw new Error(`Redis did not start:\n${started.log()}`);
    return started;
  };
  let current = await launch();
  const down = (signal: NodeJS.Signals = 'SIGTERM') => {
    // A frozen process would never see the other signal.
    current.signal('SIGCONT');
    return current.stop(signal);
  };

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return current.pid;
    },
    down,
    async restart() {
      await down();
      current = await launch();
    },
    pause: () => current.signal('SIGSTOP'),
    resume: () => current.signal('SIGCONT'),
    async stop(signal) {
      await down(signal);
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}
