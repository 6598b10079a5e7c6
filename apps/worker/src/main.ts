import { randomUUID } from 'node:crypto';
import { configuredProviders, createRunAgent, type ProviderSettings, TOOL_KINDS } from '@agenthook/agent';
import {
  type Context,
  createLogger,
  EnvironmentError,
  enqueueCallback,
  loadEnvironment,
  openContext,
  startHeartbeat,
  sweepFinished,
  sweepIndex,
  WorkerEnvironment,
} from '@agenthook/core';
import { createEgress, parseAllow } from '@agenthook/egress';
import { buildCallbackWorker } from './callback-worker.js';
import { buildWorker } from './worker.js';

const SWEEP_MS = 60_000;
const CLOSE_MS = 1_000;

function providerSettings(env: WorkerEnvironment): ProviderSettings {
  return {
    openai_api_key: env.OPENAI_API_KEY,
    openai_base_url: env.OPENAI_BASE_URL,
    anthropic_api_key: env.ANTHROPIC_API_KEY,
    anthropic_base_url: env.ANTHROPIC_BASE_URL,
    google_api_key: env.GOOGLE_GENERATIVE_AI_API_KEY,
    ollama_base_url: env.OLLAMA_BASE_URL,
  };
}

function startSweeping(ctx: Context): NodeJS.Timeout {
  return setInterval(() => {
    sweepFinished(ctx)
      .then(() => sweepIndex(ctx))
      .catch((error) => ctx.log.warn({ err: error }, 'sweeping failed'));
  }, SWEEP_MS);
}

/** Loads what tracing takes, where there is a collector to send to. */
async function startTracing(env: WorkerEnvironment, onError: (error: unknown) => void) {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const { startTelemetry } = await import('@agenthook/telemetry');
  return startTelemetry('agenthook-worker', onError);
}

/** A launcher that dies while this process starts must not leave it behind. */
const leave = () => process.exit(0);

async function main(): Promise<void> {
  process.on('disconnect', leave);
  if (process.connected === false) leave();
  const env = loadEnvironment(WorkerEnvironment, process.env);
  const tracing = await startTracing(env, (error) => log.debug({ err: error }, 'spans were not sent'));
  const log = createLogger('worker', env.LOG_LEVEL, tracing?.logFields);
  const { ctx, close } = await openContext(
    {
      redisUrl: env.REDIS_URL,
      secretKey: env.SECRET_KEY,
      shards: env.QUEUE_SHARDS,
      resultTtlSeconds: env.RESULT_TTL_SECONDS,
      connection: 'patient',
      telemetry: tracing?.queue,
    },
    log,
  );
  const settings = providerSettings(env);
  const egress = createEgress({ allow: parseAllow(env.EGRESS_ALLOW) });
  const onDefect = (error: unknown, tool: string) =>
    log.error({ err: error, tool }, 'a tool failed for a reason of its own');
  const runAgent = createRunAgent(settings, { egress, kinds: TOOL_KINDS, bounded: ctx.bounded, onDefect });
  const worker = buildWorker(ctx, runAgent, env.WORKER_CONCURRENCY, enqueueCallback);
  const callbackWorker = buildCallbackWorker(ctx, { egress });
  const providers = configuredProviders(settings);
  const info = {
    id: randomUUID(),
    started_at: new Date().toISOString(),
    concurrency: env.WORKER_CONCURRENCY,
    providers,
  };
  const stopHeartbeat = startHeartbeat(ctx, info);
  const sweeping = startSweeping(ctx);
  log.info({ concurrency: env.WORKER_CONCURRENCY, providers }, 'worker runs');

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    const graceMs = env.SHUTDOWN_GRACE_SECONDS * 1000;
    log.info({ reason }, 'stopping');
    setTimeout(() => process.exit(0), graceMs).unref();
    clearInterval(sweeping);
    await Promise.race([
      stopHeartbeat().catch(() => undefined),
      new Promise((r) => setTimeout(r, CLOSE_MS).unref()),
    ]);
    await Promise.all([worker, callbackWorker].map((each) => each.stop(graceMs - CLOSE_MS)));
    await Promise.all([
      Promise.race([egress.close(), new Promise((r) => setTimeout(r, CLOSE_MS).unref())]),
      tracing?.shutdown(CLOSE_MS),
    ]);
    await close(CLOSE_MS);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.off('disconnect', leave).on('disconnect', () => void stop('the launcher is gone'));
}

main().catch((error: Error) => {
  console.error(error instanceof EnvironmentError ? error.message : `worker: ${error.message}`);
  process.exit(1);
});
