import { createBounded } from '@agenthook/bounded';
import { freshRedis, startLossyLink } from '@agenthook/testing';
import { createDocumentWork } from '../src/agents/documents/document-work.js';
import { atOnce, createTurns } from '../src/at-once.js';
import { readModels } from '../src/config/read-models.js';
import { type Context, createLogger } from '../src/index.js';
import { createLargeBodies } from '../src/intake/large-bodies.js';
import { createLookUp } from '../src/intake/look-up.js';
import { KEPT } from '../src/intake/note-rejection.js';
import { createPace } from '../src/intake/pace.js';
import { createPayloadChecks } from '../src/intake/payload-checks.js';
import { createAddTask } from '../src/queue/add-tasks.js';
import { extendScripts } from '../src/queue/extend-scripts.js';
import { openCallbackQueues, openQueues } from '../src/queue/open-queues.js';
import { type ConnectionKind, connectRedis, type RedisClient } from '../src/redis/connect.js';
import { TOLD } from '../src/redis/emptied.js';
import { createSeal } from '../src/sealing/seal.js';
import { createSecretBox } from '../src/secrets/secret-box.js';
import { createFleet } from '../src/stats/fleet.js';
import { readProcesses } from '../src/stats/heartbeat.js';
import { createRecorder } from '../src/stats/metrics/recorder.js';
import { createRetention } from '../src/stats/retention.js';
import { noOutside } from './no-outside.js';

/**
 * Counts the commands of a connection from now on, by name. Redis's own counts cover the whole server, which
 * parallel suites share.
 */
export function countCommands(redis: RedisClient): Map<string, number> {
  const counts = new Map<string, number>();
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command, ...rest) => {
    counts.set(command.name, (counts.get(command.name) ?? 0) + 1);
    return send(command, ...rest);
  };
  return counts;
}

/** The SECRET_KEY of test contexts. */
export const TEST_SECRET_KEY = 'a test key of enough length';

/** A context on an empty Redis database, with a clock that a test can move. */
export async function testContext() {
  const log = createLogger('test', 'silent');
  const { url, close } = await freshRedis();
  await close();
  const redis = await connectRedis(url, 'patient', log);
  const queues = openQueues(redis, log, { shards: 1 });
  const callbacks = openCallbackQueues(redis, log, 1);
  await Promise.all([...queues, ...callbacks].map((queue) => queue.waitUntilReady()));
  extendScripts(redis);
  let skewMs = 0;
  const secrets = createSecretBox(TEST_SECRET_KEY);
  const bounded = createBounded();
  const ctx: Context = {
    redis,
    managementRedis: redis,
    lookUp: createLookUp(redis),
    queues,
    addTask: createAddTask(redis, queues.length),
    callbacks,
    secrets,
    seal: createSeal(false, secrets, redis),
    bounded,
    payloadChecks: createPayloadChecks(bounded),
    blobs: undefined,
    largeBodies: createLargeBodies(),
    agentTurns: createTurns(),
    documentWork: createDocumentWork(),
    statsWork: atOnce(1),
    rejectionPace: createPace(KEPT),
    tellPace: createPace(TOLD),
    outside: noOutside,
    models: readModels({}),
    archive: undefined,
    resultTtlSeconds: 3600,
    retention: createRetention(3600, () => performance.now()),
    log,
    now: () => Date.now() + skewMs,
    clockSkewMs: () => 0,
    metrics: createRecorder(),
    fleet: createFleet(() => readProcesses(redis)),
    managementFleet: createFleet(() => readProcesses(redis)),
  };
  return {
    ctx,
    advance: (ms: number) => {
      skewMs += ms;
    },
    close: async () => {
      bounded.close();
      await Promise.all([...queues, ...callbacks].map((queue) => queue.close()));
      redis.disconnect();
    },
  };
}

/**
 * A context on the same Redis whose connection, like a worker's (patient) or an api's, can lose an answer.
 */
export async function overLossyLink(ctx: Context, kind: ConnectionKind = 'patient') {
  const { port, db } = ctx.redis.options;
  const link = await startLossyLink(port ?? 6379);
  const redis = await connectRedis(`redis://127.0.0.1:${link.port}/${db}`, kind, ctx.log);
  return {
    ctx: { ...ctx, redis, lookUp: createLookUp(redis), addTask: createAddTask(redis, ctx.queues.length) },
    loseNextAnswer: link.loseNextAnswer,
    close: async () => {
      redis.disconnect();
      await link.close();
    },
  };
}
