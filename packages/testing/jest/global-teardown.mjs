import { once } from 'node:events';
import { rmSync } from 'node:fs';

/** Stops the Redis of global-setup.mjs and removes its folder. */
export default async function globalTeardown() {
  const { child, dir } = globalThis.agenthookTestRedis ?? {};
  if (child === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  rmSync(dir, { recursive: true, force: true });
}
