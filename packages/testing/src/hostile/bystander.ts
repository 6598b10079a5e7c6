import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../harness/index.js';

/** What a bystander does: fires an agent and asks for a known task, or fires an agent and waits for its SUCCESS. */
export type Watched = 'trigger' | 'run';

/** How long each request took, in ms, and what went wrong in words. */
export type Samples = Record<Watched, number[]> & { failed: string[] };

/** A sender of small requests that has nothing to do with what is tried beside it. */
export interface Bystander {
  /** Measures what it waits while `attack` lasts; a request that began then is waited for. */
  beside<T>(attack: () => Promise<T>): Promise<{ result: T; samples: Samples }>;
  stop(): void;
}

/** Starts one in a process of its own. It ends with this process. */
export async function startBystander(stack: Stack): Promise<Bystander> {
  const { id } = await stack.createAgent({ name: 'Bystander', model: 'sandbox:echo' });
  const { token } = await stack.mintWebhook(id);
  // Jest runs the sources, and a process of Node's the build.
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
