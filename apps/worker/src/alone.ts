/**
 * Runs one attempt of one task that is suspected of killing workers. Its parent, a worker, holds the task.
 * Whatever the task does to this process affects nothing else.
 */
import {
  createLogger,
  createVersionCache,
  type HeldTask,
  loadEnvironment,
  openContext,
  readBlobStore,
  readModels,
  readProviders,
  runHeldTask,
  setProcessClock,
  startWatchdog,
  WorkerEnvironment,
  watchdogMs,
} from '@agenthook/core';
import { openAgentRunner } from './agent-runner.js';
import type { FromAlone, ToAlone } from './alone-messages.js';

// The parent decides when it stops. A signal to the whole process group must not look like a death that the
// task caused.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

const say = (message: FromAlone) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));

async function run(task: HeldTask, signal: AbortSignal): Promise<void> {
  const env = loadEnvironment(WorkerEnvironment, process.env);
  const entries = readProviders(env.PROVIDERS_FILE, process.env);
  const log = createLogger('worker', env.LOG_LEVEL, () => ({ alone: true }));
  const { ctx } = await openContext(
    {
      redisUrl: env.REDIS_URL,
      secretKey: env.SECRET_KEY,
      previousSecretKey: env.SECRET_KEY_PREVIOUS,
      shards: env.QUEUE_SHARDS,
      sealsAtRest: env.SEAL_AT_REST,
      resultTtlSeconds: env.RESULT_TTL_SECONDS,
      blobs: readBlobStore(env),
      connection: 'patient',
      models: readModels(env, entries),
    },
    log,
  );
  setProcessClock(ctx.now);
  const tells = log.isLevelEnabled('fatal');
  const watchdog = startWatchdog({ name: 'worker', boundMs: watchdogMs(env), tells, output: log.output });
  const { runAgent } = openAgentRunner(ctx, env, entries, watchdog.enter);
  await say({ type: 'begins' });
  const outcome = await runHeldTask(ctx, { runAgent, versions: createVersionCache(ctx) }, task, signal);
  await say(outcome ? { type: 'outcome', json: JSON.stringify(outcome) } : { type: 'lock_lost' });
  process.exit(0);
}

const controller = new AbortController();
process.on('message', (message: ToAlone) => {
  if (message.type === 'stop') controller.abort(message.reason);
  else
    run(message.task, controller.signal).catch((error: Error) => {
      console.error(`worker: a process for one task failed: ${error.message}`);
      process.exit(1);
    });
});
