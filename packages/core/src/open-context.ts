import { withDeadline } from '@agenthook/async';
import { createBounded } from '@agenthook/bounded';
import type { Telemetry } from 'bullmq';
import { createDocumentWork } from './agents/documents/document-work.js';
import { type ArchiveSettings, openArchive } from './archive/archive.js';
import { atOnce, createTurns } from './at-once.js';
import { type BlobStoreSettings, createBlobStore } from './blobs/blob-store.js';
import { type Models, readModels } from './config/read-models.js';
import type { Context } from './context.js';
import { claimDataVersion } from './data-version.js';
import { createLargeBodies } from './intake/large-bodies.js';
import { createLookUp } from './intake/look-up.js';
import { KEPT } from './intake/note-rejection.js';
import { createPace } from './intake/pace.js';
import { createPayloadChecks } from './intake/payload-checks.js';
import type { ProcessLog } from './log.js';
import { createAddTask } from './queue/add-tasks.js';
import { extendScripts, shareWithdraw } from './queue/extend-scripts.js';
import { openCallbackQueues, openQueues } from './queue/open-queues.js';
import { checkRedis } from './redis/check.js';
import { checkAccess } from './redis/check-access.js';
import { type ConnectionKind, connectRedis, type RedisClient } from './redis/connect.js';
import { TOLD } from './redis/emptied.js';
import { followClock } from './redis/follow-clock.js';
import { createSeal } from './sealing/seal.js';
import { claimSecretKey } from './secrets/check-secret-key.js';
import { createSecretBox } from './secrets/secret-box.js';
import { createOutside, type OpenEgress } from './senders/outside.js';
import { createFleet } from './stats/fleet.js';
import { noteRetention, readProcesses } from './stats/heartbeat.js';
import { createRecorder } from './stats/metrics/recorder.js';
import { createRetention } from './stats/retention.js';

export interface ContextSettings {
  redisUrl: string;
  secretKey: string;
  /** Also opens stored secrets, while the key is rotated. */
  previousSecretKey?: string | undefined;
  /** Seals what comes from outside before it is stored. Default: false. */
  sealsAtRest?: boolean | undefined;
  shards: number;
  resultTtlSeconds: number;
  connection: ConnectionKind;
  /** Default: the built-in providers, with list prices. */
  models?: Models;
  /** Where files are stored. Default: in Redis. */
  blobs?: BlobStoreSettings | undefined;
  /** Opens the guard for the requests that a few senders need. Only the api has one. */
  openEgress?: OpenEgress;
  /** Where finished tasks go. Default: nowhere. */
  archive?: ArchiveSettings | undefined;
  /** If tracing is on: links each task to the trace that it was triggered in. */
  telemetry?: Telemetry | undefined;
}

/**
 * Connects to Redis, checks that Redis is fit and that the secret key matches its data, and opens the queues.
 * Throws with one line for the person who starts the process. `close` ends within `deadlineMs`, even if Redis
 * does not answer.
 */
export async function openContext(
  settings: ContextSettings,
  log: ProcessLog,
): Promise<{ ctx: Context; close: (deadlineMs: number) => Promise<void> }> {
  const redis = await connectRedis(settings.redisUrl, settings.connection, log);
  let managementRedis = redis;
  try {
    // A worker has no callers whose answers could be delayed.
    if (settings.connection === 'fail-fast') {
      const quiet = log.child({}, { level: 'silent' }); // the other connection logs the same
      managementRedis = await connectRedis(settings.redisUrl, settings.connection, quiet);
    }
    return await openOn(redis, managementRedis, settings, log);
  } catch (error) {
    redis.disconnect();
    managementRedis.disconnect();
    throw error;
  }
}

async function openOn(
  redis: RedisClient,
  managementRedis: RedisClient,
  settings: ContextSettings,
  log: ProcessLog,
) {
  await checkAccess(redis);
  const check = await checkRedis(redis);
  if (check.error) throw new Error(check.error);
  for (const warning of [...check.refusals, ...check.warnings]) log.warn(warning);
  const secrets = createSecretBox(settings.secretKey, settings.previousSecretKey);
  const endClaim = await claimSecretKey(redis, secrets, log);
  const endMigration = await claimDataVersion(redis, log);
  const queues = openQueues(redis, log, settings);
  const callbacks = openCallbackQueues(redis, log, settings.shards);
  // A queue whose connection breaks before it is ready would fail forever.
  await Promise.all([...queues, ...callbacks].map((queue) => queue.waitUntilReady()));
  extendScripts(redis);
  shareWithdraw(redis, managementRedis);
  const clock = await followClock(redis, log);
  const retention = createRetention(settings.resultTtlSeconds, () => performance.now());
  await noteRetention(redis, retention);
  const bounded = createBounded();
  const outside = createOutside(settings.openEgress);
  const archive = settings.archive && openArchive(settings.archive, log);
  const ctx: Context = {
    redis,
    managementRedis,
    lookUp: createLookUp(redis),
    queues,
    addTask: createAddTask(redis, queues.length),
    callbacks,
    secrets,
    seal: createSeal(settings.sealsAtRest ?? false, secrets, redis),
    bounded,
    payloadChecks: createPayloadChecks(bounded),
    largeBodies: createLargeBodies(),
    agentTurns: createTurns(),
    documentWork: createDocumentWork(),
    statsWork: atOnce(1),
    rejectionPace: createPace(KEPT),
    tellPace: createPace(TOLD),
    blobs: settings.blobs && createBlobStore(settings.blobs),
    outside,
    models: settings.models ?? readModels({}),
    archive,
    get resultTtlSeconds() {
      return retention.seconds();
    },
    retention,
    metrics: createRecorder(),
    fleet: createFleet(() => readProcesses(redis)),
    managementFleet: createFleet(() => readProcesses(managementRedis)),
    log,
    now: clock.now,
    clockSkewMs: clock.skewMs,
  };
  const close = async (deadlineMs: number) => {
    clock.stop();
    endClaim();
    endMigration();
    bounded.close();
    // close() can hang if Redis dies meanwhile.
    const closed = Promise.allSettled([...queues, ...callbacks].map((queue) => queue.close()));
    await withDeadline(Promise.allSettled([closed, outside.close(), archive?.close()]), deadlineMs);
    redis.disconnect();
    managementRedis.disconnect();
  };
  return { ctx, close };
}
