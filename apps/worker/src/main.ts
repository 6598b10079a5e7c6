import { getHeapStatistics } from 'node:v8';
import { configuredProviders, createBuildDestinationRequest } from '@agenthook/agent';
import { every, withDeadline } from '@agenthook/async';
import {
  alertOutbox,
  archiveSettings,
  type Context,
  cancelChildren,
  createCallbackOf,
  createEndSpending,
  createLogger,
  createOutcomeNotes,
  createVersionCache,
  EnvironmentError,
  enqueueCallback,
  enqueueDestinations,
  forManagement,
  loadEnvironment,
  noteScheduledEnd,
  openContext,
  publicUrlOf,
  readBlobStore,
  readModels,
  readProviders,
  type SweepPlaces,
  serveToolChecks,
  setProcessClock,
  sharedSlots,
  startAlerts,
  startArchiving,
  startBulk,
  startEmptying,
  startHeartbeat,
  startSchedules,
  startTelling,
  startWatchdog,
  sweepBlobs,
  sweepExpiring,
  sweepFinished,
  sweepIndex,
  tracesContent,
  WorkerEnvironment,
  watchdogMs,
  withoutTokens,
} from '@agenthook/core';
import { openAgentRunner, providerSettings } from './agent-runner.js';
import { buildCallbackWorker } from './callback-worker.js';
import { serveHealth } from './health.js';
import { runAlone } from './run-alone.js';
import { buildWorker } from './task-worker.js';

const SWEEP_MS = 60_000;
const CLOSE_MS = 1_000;

/**
 * The share of the heap for payloads in progress, measured as stored in Redis. In memory, a run has several
 * copies.
 */
const PAYLOAD_PART = 1 / 16;

const defaultPayloadBytes = () => getHeapStatistics().heap_size_limit * PAYLOAD_PART;

function startSweeping(ctx: Context): () => void {
  const places: SweepPlaces = new Map();
  const sweep = async () => {
    await sweepFinished(ctx);
    await sweepExpiring(ctx);
    await sweepIndex(ctx, places);
    await sweepBlobs(ctx);
  };
  const onError = (error: unknown) => ctx.log.warn({ err: error }, 'sweeping failed');
  // At once: Redis may be full, and nothing else can run until it has room.
  sweep().catch(onError);
  return every(SWEEP_MS, sweep, onError);
}

/** Loads tracing if a collector is configured. */
async function startTracing(env: WorkerEnvironment, onError: (error: unknown) => void) {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const { startTelemetry } = await import('@agenthook/telemetry');
  return startTelemetry({ service: 'agenthook-worker', onError, withMessages: tracesContent(env) });
}

/** If the launcher dies while this process starts, the process must end too. */
const leave = () => process.exit(0);

async function main(): Promise<void> {
  process.on('disconnect', leave);
  if (process.connected === false) leave();
  const env = loadEnvironment(WorkerEnvironment, process.env);
  const entries = readProviders(env.PROVIDERS_FILE, process.env);
  const boundMs = watchdogMs(env);
  const tracing = await startTracing(env, (error) => log.debug({ err: error }, 'telemetry was not sent'));
  const log = createLogger('worker', env.LOG_LEVEL, tracing?.logFields);
  const { ctx, close } = await openContext(
    {
      redisUrl: env.REDIS_URL,
      secretKey: env.SECRET_KEY,
      previousSecretKey: env.SECRET_KEY_PREVIOUS,
      shards: env.QUEUE_SHARDS,
      sealsAtRest: env.SEAL_AT_REST,
      resultTtlSeconds: env.RESULT_TTL_SECONDS,
      archive: archiveSettings(env),
      blobs: readBlobStore(env),
      connection: 'patient',
      models: readModels(env, entries),
      telemetry: tracing?.queue,
    },
    log,
  );
  setProcessClock(ctx.now);
  const watchdog = startWatchdog({
    name: 'worker',
    boundMs,
    tells: log.isLevelEnabled('fatal'),
    output: log.output,
  });
  const { runAgent, checkTools, egress } = openAgentRunner(ctx, env, entries, watchdog.enter);
  const lockSeconds = env.TASK_LOCK_SECONDS;
  const endSpending = createEndSpending(ctx);
  const versions = createVersionCache(ctx);
  const noteOutcome = createOutcomeNotes(ctx);
  const callbackOf = createCallbackOf(ctx);
  const worker = buildWorker(ctx, runAgent, env.WORKER_CONCURRENCY, {
    onEnd: async (context, ended) => {
      await Promise.all([
        noteScheduledEnd(context, ended),
        enqueueCallback(context, ended, callbackOf),
        enqueueDestinations(context, versions, ended),
        cancelChildren(context, ended),
        endSpending(ended),
        noteOutcome(ended),
      ]);
    },
    runAlone,
    maxBytes: env.WORKER_PAYLOAD_MB === undefined ? defaultPayloadBytes() : env.WORKER_PAYLOAD_MB * 2 ** 20,
    lockSeconds,
  });
  const ownUrl = env.PUBLIC_URL?.replace(/(?<!\/)\/+$/, '');
  const deliver = {
    egress,
    buildRequest: createBuildDestinationRequest(ctx.bounded),
    publicUrl: () => publicUrlOf(ctx, ownUrl),
    smtpUrl: env.SMTP_URL,
  };
  const callbackWorker = buildCallbackWorker(ctx, deliver, lockSeconds);
  const providers = configuredProviders(providerSettings(env, entries));
  const about = {
    kind: 'worker',
    concurrency: env.WORKER_CONCURRENCY,
    slots: sharedSlots(env.WORKER_CONCURRENCY),
    providers,
  } as const;
  const heartbeat = startHeartbeat(ctx, about, undefined, worker.load);
  const endSweeping = startSweeping(ctx);
  const endEmptying = startEmptying(ctx);
  // What it reads may be large.
  const endArchiving = startArchiving(forManagement(ctx));
  const endSchedules = startSchedules(ctx);
  const endTelling = startTelling(ctx, [alertOutbox(ctx)]);
  const endAlerts = startAlerts(ctx);
  // What it reads may be large, and must not delay the commands of runs.
  const endBulk = startBulk(forManagement(ctx));
  const endToolChecks = serveToolChecks(ctx, checkTools);
  log.info({ concurrency: env.WORKER_CONCURRENCY, providers }, 'worker runs');

  let stopping = false;
  const problem = async () => {
    if (!stopping && ![worker, callbackWorker].every((each) => each.isRunning()))
      return 'It does not accept jobs.';
    return (await heartbeat.isStuck()) ? 'Its connection to Redis is stuck.' : undefined;
  };
  if (env.WORKER_HEALTH_PORT !== undefined)
    await serveHealth({ port: env.WORKER_HEALTH_PORT, host: env.HOST }, problem);
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    const graceMs = env.SHUTDOWN_GRACE_SECONDS * 1000;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(0), graceMs).unref();
    endSweeping();
    endEmptying();
    endArchiving();
    endSchedules();
    endAlerts();
    endToolChecks();
    await withDeadline(Promise.all([endBulk(), endTelling()]), CLOSE_MS);
    await heartbeat.stop(CLOSE_MS);
    await Promise.all([worker, callbackWorker].map((each) => each.stop(graceMs - CLOSE_MS)));
    await Promise.all([withDeadline(egress.close(), CLOSE_MS), tracing?.shutdown(CLOSE_MS)]);
    await close(CLOSE_MS);
    process.exit(0);
  };
  // SIGHUP: the terminal that it was started from is closed.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  process.off('disconnect', leave).on('disconnect', () => void stop('the launcher is gone'));
}

main().catch((error: Error) => {
  console.error(
    error instanceof EnvironmentError ? error.message : `worker: ${withoutTokens(error.message)}`,
  );
  process.exit(1);
});
