import type { Bounded } from '@agenthook/bounded';
import type { Queue } from 'bullmq';
import type { Archive } from './archive/archive.js';
import type { AtOnce, Turns } from './at-once.js';
import type { BlobStore } from './blobs/blob-store.js';
import type { Models } from './config/read-models.js';
import type { LargeBodies } from './intake/large-bodies.js';
import type { LookUp } from './intake/look-up.js';
import type { Pace } from './intake/pace.js';
import type { PayloadChecks } from './intake/payload-checks.js';
import type { ProcessLog } from './log.js';
import type { AddTask } from './queue/add-tasks.js';
import type { TaskData } from './queue/job.js';
import type { RedisClient } from './redis/connect.js';
import type { Seal } from './sealing/seal.js';
import type { SecretBox } from './secrets/secret-box.js';
import type { Outside } from './senders/outside.js';
import type { Fleet } from './stats/fleet.js';
import type { Recorder } from './stats/metrics/recorder.js';
import type { Retention } from './stats/retention.js';

/** The first argument of every verb. Created once when a process starts. */
export interface Context {
  /** The connection for the verb's commands. */
  redis: RedisClient;
  /** A second connection for management; see forManagement. */
  managementRedis: RedisClient;
  /** Looks up a webhook's token. */
  lookUp: LookUp;
  /** One queue per shard; the index is the shard's number. */
  queues: readonly Queue<TaskData>[];
  /** Adds tasks to the queues. */
  addTask: AddTask;
  /** The queues of callback deliveries, also one per shard. Their jobs hold only an id. */
  callbacks: readonly Queue<unknown>[];
  /** Encrypts agents' stored secrets. */
  secrets: SecretBox;
  /** Seals what comes from outside, if SEAL_AT_REST is on. */
  seal: Seal;
  /** Runs, within limits, work whose cost outsiders control. */
  bounded: Bounded;
  /** Checks payloads against agents' input_schema, and caches compiled schemas. */
  payloadChecks: PayloadChecks;
  /** Saves the changes of an agent one after another. */
  agentTurns: Turns;
  /** Runs document work, a few pieces at a time, because each may use several megabytes. */
  documentWork: { index: AtOnce; search: AtOnce };
  /** Reads counters, one request after another: each reads many. */
  statsWork: AtOnce;
  /** Makes the large bodies of one webhook wait for each other. */
  largeBodies: LargeBodies;
  /** Limits how many rejections of an agent are stored per second. */
  rejectionPace: Pace;
  /** Limits how often a line is logged that every request would cause. */
  tellPace: Pace;
  /** The S3-compatible store of files; undefined if they are stored in Redis. */
  blobs: BlobStore | undefined;
  /** Requests that a few senders need before theirs can be answered. */
  outside: Outside;
  /** The providers and prices of models, with the operator's own. */
  models: Models;
  /** How long finished tasks are kept now. The live processes agree on it. */
  readonly resultTtlSeconds: number;
  retention: Retention;
  /** Where finished tasks go, if an archive is configured. */
  archive: Archive | undefined;
  /** Counts for /metrics. */
  metrics: Recorder;
  /** The workers that live, as of the last two seconds. */
  fleet: () => Promise<Fleet>;
  /** The same, read over the connection of management. */
  managementFleet: () => Promise<Fleet>;
  log: ProcessLog;
  /** Redis's clock, in whole ms since the epoch. What decides something uses no other. */
  now: () => number;
  /** How far this machine's clock is ahead of Redis's, in ms; negative if it is behind. */
  clockSkewMs: () => number;
}

/**
 * The context for management verbs. Redis answers the commands of a connection in order, so a large answer
 * delays the answers after it. On its own connection it delays no trigger and no status.
 */
export const forManagement = (ctx: Context): Context =>
  // Inherits the rest, of which the retention changes.
  Object.create(ctx, {
    redis: { value: ctx.managementRedis, enumerable: true },
    fleet: { value: ctx.managementFleet, enumerable: true },
  });
