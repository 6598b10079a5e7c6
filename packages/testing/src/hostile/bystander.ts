import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../harness/index.js';

/**
 * What a bystander does: trigger an agent and read a known task, or trigger an agent and wait for its
 * SUCCESS.
 */
export type Watched = 'trigger' | 'run';

/** How long each request took, in ms, and the errors in words. */
export type Samples = Record<Watched, number[]> & { failed: string[] };

/** A sender of small requests that has nothing to do with the attack. */
export interface Bystander {
  /** Measures its waits during `attack`, including a request that began then. */
  beside<T>(attack: () => Promise<T>): Promise<{ result: T; samples: Samples }>;
  stop(): void;
}

/** Starts a bystander in its own process. It ends with this process. */
export async function startBystander(stack: Stack): Promise<Bystander> {
  const { id } = await stack.createAgent({ name: 'Bystander', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  // Jest runs the sources, but a Node process runs the build.
  const script = fileURLToPath(new URL('../../dist/hostile/bystander-process.js', import.meta.url));
  if (!existsSync(script)) throw new Error(`${script} is missing: run \`npm run build\` first.`);
  const child = fork(script, [stack.url, token], { execArgv: [] });
  const say = async (message: 'begin' | 'end') => {
    const answered = once(child, 'message');
    child.send(message);
    const [samples] = await answered;
    return samples as Samples;
  };
  await once(child, 'message');
  return {
    async beside(attack) {
      await say('begin');
      const result = await attack();
      return { result, samples: await say('end') };
    },
    stop: () => void child.kill(),
  };
}
