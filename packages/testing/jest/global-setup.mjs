import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis } from '../../../scripts/lib/find.mjs';

const DEADLINE_MS = 10_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether something on the port answers a Redis PING. */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const end = (good) => {
      socket.destroy();
      resolve(good);
    };
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
  });
}

/**
 * Starts the one real redis-server that all suites of a Jest run share: no persistence, 256 databases (one
 * per Jest worker), a random free port. Its URL is process.env.TEST_REDIS_URL, which Jest passes on to its
 * workers.
 */
export default async function globalSetup() {
  const program = findRedis();
  if (program === undefined) {
    throw new Error(
      'The tests run on a real Redis and found no redis-server or valkey-server. Install one: apt-get install redis-server, or brew install redis.',
    );
  }
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'agenthook-test-redis-'));
  const options = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'no', databases: 256 };
  const child = spawn(
    program,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let log = '';
  child.stdout.on('data', (chunk) => {
    log = `${log}${chunk}`.slice(-4000);
  });
  process.once('exit', () => child.kill());
  globalThis.agenthookTestRedis = { child, dir };

  for (const deadline = Date.now() + DEADLINE_MS; !(await answers(port)); ) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not start on port ${port}:\n${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  // Where the hostile suites record what bystanders waited, for the teardown to print.
  process.env.BYSTANDERS_FILE = join(dir, 'bystanders.jsonl');
  process.env.TEST_REDIS_URL = `redis://127.0.0.1:${port}`;
}
