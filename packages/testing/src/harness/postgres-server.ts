import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres } from '../../../../scripts/lib/find.mjs';
import { type ManagedProcess, startProcess } from './managed-process.js';
import { hasProgram, needing } from './needs.js';
import { freePort } from './ports.js';
import { until } from './wait.js';

/** A PostgreSQL server for one suite. */
export interface PostgresServer {
  /** For the superuser, with a random password, at 127.0.0.1. */
  readonly url: string;
  readonly port: number;
  /** The server's log so far. */
  log(): string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  /** PEM texts. The server then accepts encrypted connections as well. */
  tls?: { key: string; cert: string };
}

/** PostgreSQL refuses to run as root. For root, it runs as the user that its package created. */
const asRoot = process.getuid?.() === 0;
const USER = 'postgres';

const start = (program: string, args: string[]): Promise<ManagedProcess> =>
  asRoot
    ? startProcess('setpriv', [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', program, ...args])
    : startProcess(program, args);

async function initialize(bin: string, dir: string, data: string, password: string): Promise<void> {
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, password);
  if (asRoot) execFileSync('chown', ['-R', USER, dir]);
  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const initdb = await start(join(bin, 'initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-sync']);
  const { code } = await initdb.exited;
  if (code !== 0) throw new Error(`initdb failed:\n${initdb.log()}`);
}

function writeTls(data: string, { key, cert }: { key: string; cert: string }): void {
  for (const [file, text] of Object.entries({ 'server.key': key, 'server.crt': cert })) {
    writeFileSync(join(data, file), text);
    chmodSync(join(data, file), 0o600);
    if (asRoot) execFileSync('chown', [USER, join(data, file)]);
  }
}

const ADVICE = 'There is no PostgreSQL server program. Install postgresql.';

/** Whether a PostgreSQL server can be started. Without it, its tests are skipped, or fail under CI. */
export const hasPostgres = (): boolean => hasProgram(findPostgres(), ADVICE);

/** Jest's `test` or `describe`, for what needs a PostgreSQL server. */
export const withPostgres = <Run>(runner: Run & { skip: Run }): Run =>
  needing(findPostgres(), ADVICE, runner);

/**
 * Starts a private PostgreSQL on 127.0.0.1 in a temporary folder and waits until it accepts connections.
 *
 * @throws if no server program is installed or it does not start
 */
export async function startPostgres({ tls }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  if (bin === undefined) throw new Error('No PostgreSQL server program: install postgresql.');
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-postgres-'));
  const data = join(dir, 'data');
  const password = randomBytes(12).toString('hex');
  await initialize(bin, dir, data, password);
  if (tls) writeTls(data, tls);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    ssl: tls ? 'on' : 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await start(join(bin, 'postgres'), ['-D', data, ...args]);
  await until(
    'PostgreSQL answers',
    () => server.exit() !== undefined || /ready to accept/.test(server.log()),
    {
      timeoutMs: 30_000,
    },
  );
  if (server.exit() !== undefined) throw new Error(`PostgreSQL did not start:\n${server.log()}`);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    port,
    log: server.log,
    async stop() {
      // SIGINT is its fast shutdown: it ends sessions instead of waiting for them.
      await server.stop('SIGINT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
