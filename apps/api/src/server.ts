import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { setImmediate as afterPolling, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  ApiEnvironment,
  archiveSettings,
  createLogger,
  EnvironmentError,
  loadEnvironment,
  openContext,
  readBlobStore,
  readModels,
  readProviders,
  readTrustProxy,
  setProcessClock,
  startHeartbeat,
  startWatchdog,
  watchdogMs,
  withoutTokens,
} from '@agenthook/core';
import type { FastifyRequest } from 'fastify';
import { buildApp } from './app.js';
import { forwardedUrl, withoutEndSlashes } from './public-url.js';

/** The part of the grace period reserved for closing connections after requests have ended, in ms. */
const CLOSE_MS = 1_000;

/** The folder that `npm run build` writes the Studio to. */
const STUDIO = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** If the launcher dies while this process starts, the process must end too. */
const leave = () => process.exit(0);

/** Loads tracing if a collector is configured. */
async function startTracing(env: ApiEnvironment, onError: (error: unknown) => void) {
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  const [{ startTelemetry }, { registerTracing }] = await Promise.all([
    import('@agenthook/telemetry'),
    import('./plugins/tracing.js'),
  ]);
  return { ...startTelemetry({ service: 'agenthook-api', onError }), register: registerTracing };
}

async function main(): Promise<void> {
  process.on('disconnect', leave);
  if (process.connected === false) leave();
  const env = loadEnvironment(ApiEnvironment, process.env);
  const trustProxy = readTrustProxy(env.TRUST_PROXY);
  const publicUrl = env.PUBLIC_URL && withoutEndSlashes(env.PUBLIC_URL);
  const knownUrl = (request: FastifyRequest) => publicUrl ?? forwardedUrl(request);
  const tracing = await startTracing(env, (error) => log.debug({ err: error }, 'telemetry was not sent'));
  const log = createLogger('api', env.LOG_LEVEL, tracing?.logFields);
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
      connection: 'fail-fast',
      // Only a worker has the variables that the entries refer to.
      models: readModels(env, readProviders(env.PROVIDERS_FILE)),
      // Few senders need it, so it is loaded on first use.
      openEgress: async () => {
        const { createEgress, parseAllow } = await import('@agenthook/egress');
        return createEgress({ allow: parseAllow(env.EGRESS_ALLOW) });
      },
      telemetry: tracing?.queue,
    },
    log,
  );
  setProcessClock(ctx.now);
  const watchdog = startWatchdog({
    name: 'api',
    boundMs: watchdogMs(env),
    tells: log.isLevelEnabled('fatal'),
    output: log.output,
  });
  let stopping = false;
  const localUrl = () => `http://localhost:${portOf(app.server.address())}`;
  const app = await buildApp(ctx, {
    isStopping: () => stopping,
    enterStep: watchdog.enter,
    adminApiKey: env.ADMIN_API_KEY,
    role: env.API_ROLE,
    defaultModel: env.DEFAULT_MODEL,
    metricsKey: env.METRICS_KEY,
    redisDataDir: env.REDIS_DATA_DIR,
    studioDist: existsSync(STUDIO) ? STUDIO : undefined,
    trace: tracing?.register,
    trustProxy,
    isHttps: publicUrl?.startsWith('https:'),
    publicUrl: (request) => knownUrl(request) ?? localUrl(),
    knownUrl,
  });
  if (process.env.ADMIN_API_KEY_FILE) {
    log.info(
      `the admin API key is in ${process.env.ADMIN_API_KEY_FILE}; read it with: cat ${process.env.ADMIN_API_KEY_FILE}`,
    );
  }
  try {
    await app.listen({ port: env.PORT, host: env.HOST });
  } catch (error) {
    await close(CLOSE_MS);
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${env.PORT} is in use. Stop the program that listens there, or set PORT.`);
  }

  const heartbeat = startHeartbeat(ctx, { kind: 'api', url: () => publicUrl ?? localUrl() });
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'stopping');
    const drainMs = env.DRAIN_SECONDS * 1000;
    const deadline = setTimeout(() => process.exit(0), drainMs + env.SHUTDOWN_GRACE_SECONDS * 1000);
    // /readyz fails from now on. Load balancers need time to notice, and meanwhile send requests here.
    await sleep(drainMs);
    // Node accepts what the kernel has connected first: closing the socket would reset those connections.
    await afterPolling();
    app.server.close();
    await app.close();
    await heartbeat.stop(CLOSE_MS);
    await Promise.all([close(CLOSE_MS), tracing?.shutdown(CLOSE_MS)]);
    clearTimeout(deadline);
    process.exit(0);
  };
  // SIGHUP: the terminal that it was started from is closed.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  process.off('disconnect', leave).on('disconnect', () => void stop('the launcher is gone'));
}

const portOf = (address: AddressInfo | string | null): number =>
  address !== null && typeof address === 'object' ? address.port : 0;

main().catch((error: Error) => {
  console.error(error instanceof EnvironmentError ? error.message : `api: ${withoutTokens(error.message)}`);
  process.exit(1);
});
