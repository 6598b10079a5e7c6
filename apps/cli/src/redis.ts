import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePort } from './ports.js';
import { isProcess, waitWhile } from './processes.js';
import { UserError } from './user-error.js';

export interface EmbeddedRedis {
  program: string;
  configFile: string;
  port: number;
  password: string;
  url: string;
}

/** How long a leftover Redis may take to save its data. */
const SHUTDOWN_MS = 15_000;

function findProgram(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of ['redis-server', 'valkey-server'].flatMap((name) =>
    folders.map((dir) => join(dir, name)),
  )) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  throw new UserError('no redis-server or valkey-server on PATH: install one, or set REDIS_URL');
}

/**
 * Sends one command on its own connection and returns everything the server sent until it closed the
 * connection; an empty string if nothing listens or nothing arrived within `timeoutMs`.
 */
function askRedis(port: number, password: string, command: string, timeoutMs = 2000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port, timeout: timeoutMs });
    socket.once('connect', () => socket.write(`AUTH ${password}\r\n${command}\r\nQUIT\r\n`));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.once('timeout', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', () => resolve(answer));
  });
}

/**
 * Shuts down the Redis that a killed launcher left on this folder, identified by its port and password.
 *
 * @param pid its process id, if the launcher recorded it
 * @throws UserError if it does not stop
 */
export async function stopLeftoverRedis(dir: string, pid: number | undefined): Promise<void> {
  let config: string;
  try {
    config = readFileSync(join(dir, 'redis.conf'), 'utf8');
  } catch {
    return;
  }
  const port = Number(/^port (\d+)$/m.exec(config)?.[1]);
  const password = /^requirepass (\S+)$/m.exec(config)?.[1];
  if (!port || password === undefined) return;
  const answer = await askRedis(port, password, 'SHUTDOWN', SHUTDOWN_MS);
  const isOurs = () => pid !== undefined && isProcess(pid, `:${port}`);
  if (answer.startsWith('+OK') && answer.includes('-ERR')) {
    throw new UserError(`a Redis left on ${dir} refuses to shut down: ${answer.split('-ERR')[1]?.trim()}`);
  }
  if (pid !== undefined && isOurs() && !(await waitWhile(isOurs, 2000))) process.kill(pid, 'SIGKILL');
}

/**
 * Writes the configuration of this data folder's Redis: 127.0.0.1, a free port, a new password, and an
 * append-only file. The password is only in the file, never on a command line.
 *
 * @throws UserError if no server program is installed
 */
export async function configureRedis(dir: string): Promise<EmbeddedRedis> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const program = findProgram();
  const port = await freePort();
  const password = randomBytes(32).toString('hex');
  const configFile = join(dir, 'redis.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    'daemonize no',
    'appendonly yes',
    // With `everysec`, Redis answers before it writes if the disk is slow. If it is then killed, acknowledged
    // data is lost.
    'appendfsync always',
    'save ""',
    // Any other policy lets Redis delete tasks when memory runs short.
    'maxmemory-policy noeviction',
  ];
  writeFileSync(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });
  return { program, configFile, port, password, url: `redis://:${password}@127.0.0.1:${port}` };
}

/** Whether it answers. It does not while it loads its data. */
export async function redisAnswers({ port, password }: EmbeddedRedis): Promise<boolean> {
  return (await askRedis(port, password, 'PING')).includes('+PONG');
}
