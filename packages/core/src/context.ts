import type { Bounded } from '@agenthook/bounded';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { AtOnce } from './at-once.js';
import type { LargeBodies } from './intake/large-bodies.js';
import type { LookUp } from './intake/look-up.js';
import type { Pace } from './intake/pace.js';
import type { PayloadChecks } from './intake/payload-checks.js';
import type { AddTask } from './queue/add-tasks.js';
import type { TaskData } from './queue/job.js';
import type { RedisClient } from './redis/connect.js';
import type { SecretBox } from './secrets/secret-box.js';

/** What every verb of the domain gets as its first argument. Made once where a process starts. */
export interface Context {
  /** What the verb's commands go over. */
  redis: RedisClient;
  /** Another connection like it: see forManagement. */
  managementRedis: RedisClient;
  /** Reads what a webhook's token belongs to. */
  lookUp: LookUp;
  /** One queue per shard; the index is the shard's number. */
  queues: readonly Queue<TaskData>[];
  /** Puts tasks into them. */
  addTask: AddTask;
  /** Deliveries of callbacks; one queue per shard too. Their jobs hold nothing but an id. */
  callbacks: readonly Queue<unknown>[];
  /** Encrypts what is stored of agents' secrets. */
  secrets: SecretBox;
  /** Does what outsiders can make long. */
  bounded: Bounded;
  /** Holds payloads against agents' input_schema; keeps what it has compiled. */
  payloadChecks: PayloadChecks;
  /** Runs work on documents, few at once: each may hold some megabytes meanwhile. */
  documentWork: { index: AtOnce; search: AtOnce };
  /** Makes large bodies of one sender wait for each other. */
  largeBodies: LargeBodies;
  /** How many refused requests of an agent are kept in a second. */
  rejectionPace: Pace;
  /** How long finished tasks are kept. */
  resultTtlSeconds: number;
  log: Logger;
  /** The clock, in ms since the epoch. */
  now: () => number;
}

/**
 * The context of verbs that manage. Redis answers a connection's commands in their order, so a large answer holds up all
 * that were asked after it; on a connection of its own it holds up no trigger and no status.
 */
export const forManagement = (ctx: Context): Context => ({ ...ctx, redis: ctx.managementRedis });
