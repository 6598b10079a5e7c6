import type { CheckTools, ToolsToCheck } from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { testContext } from '../../../test/context.js';
import { askWorker } from './ask-worker.js';
import { serveToolChecks } from './serve-tool-checks.js';

let env: Awaited<ReturnType<typeof testContext>>;
beforeAll(async () => {
  env = await testContext();
});
afterAll(() => env.close());

const asked = {
  agent: { id: 'agt_1' },
  tools: [{ type: 'memory' as const, name: 'notes', secrets: { token: 'a-secret-of-mine' } }],
  list: true,
};
const found = { problems: [], tools: [] };

test('a worker answers what an api asks, and no secret is readable in Redis', async () => {
  const seen: ToolsToCheck[] = [];
  const commands: string[] = [];
  const monitor = await env.ctx.redis.duplicate().monitor();
  monitor.on('monitor', (_time, args: string[]) => commands.push(args.join(' ')));
  const stop = serveToolChecks(env.ctx, async (what) => {
    seen.push(what);
    return found;
  });
  expect(await askWorker(env.ctx, asked, 10_000)).toEqual(found);
  expect(seen).toEqual([{ ...asked, within_ms: 9_500 }]);
  stop();
  await env.ctx.redis.ping();
  monitor.disconnect();
  expect(commands.join('\n')).toMatch(/lpush \{agenthook\}:tool-check/);
  expect(commands.join('\n')).not.toContain('a-secret-of-mine');
});

test('nobody waits longer than told, and a stale request is not worked on', async () => {
  const began = performance.now();
  expect(await askWorker(env.ctx, asked, 300)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(5_000);
  const seen: unknown[] = [];
  const check: CheckTools = async (what) => {
    seen.push(what);
    return found;
  };
  const stop = serveToolChecks(env.ctx, check);
  expect(await askWorker(env.ctx, asked, 10_000)).toEqual(found);
  expect(seen).toHaveLength(1);
  stop();
});

test('a check that fails is not answered, and the next one is', async () => {
  let count = 0;
  const stop = serveToolChecks(env.ctx, async () => {
    if (count++ === 0) throw new Error('a defect');
    return found;
  });
  expect(await askWorker(env.ctx, asked, 500)).toBeUndefined();
  expect(await askWorker(env.ctx, asked, 10_000)).toEqual(found);
  stop();
});
