import { hash } from 'node:crypto';
import type { TaskStatusName } from '@agenthook/contracts';

/**
 * Every Redis key is made here.
 *
 * Agents and their tokens share one hash slot, so that a rotation or a lookup is one atomic script on Redis Cluster
 * too. Everything of a task carries the hash tag of its shard.
 *
 * What is put into a key is an id or a hash, without a colon: no key can be made to equal another.
 */
const ROOT = '{agenthook}';

export const TASK_QUEUE = 'tasks';
export const CALLBACK_QUEUE = 'callbacks';

/** The BullMQ prefix of a shard; with the queue's name it makes `{agenthook:0}:tasks:<task id>`. */
export const shardPrefix = (shard: number): string => `{agenthook:${shard}}`;

/** What the names of a shard's jobs, and of the sets of its task queue, begin with. */
export const taskPrefix = (shard: number): string => `${shardPrefix(shard)}:${TASK_QUEUE}:`;

/** In place of an agent's id: the index of all tasks. */
export const ALL_AGENTS = 'all';

/** What follows a shard's hash tag in the keys that our additions to BullMQ's scripts make themselves. */
export const PLACES = {
  index: 'index:',
  ids: 'index:ids',
  scopes: 'index:scopes',
  keys: 'index:key:',
  ended: 'ended',
  stats: 'stats:',
  totals: 'totals',
  openVersions: 'open-versions:',
} as const;

const place = (shard: number, name: keyof typeof PLACES): string => `${shardPrefix(shard)}:${PLACES[name]}`;

const queueKey = (shard: number, suffix: string): string => taskPrefix(shard) + suffix;

const ID = /^[A-Za-z0-9_-]{1,100}$/;

/** An id as a part of a key. Throws for a text that cannot be one: the api lets none through. */
function part(id: string): string {
  if (!ID.test(id)) throw new Error('a text that is no id would have become a part of a Redis key');
  return id;
}

/** What stands for a sender's text in a key, which it may not be a part of itself. */
export const textHash = (text: string): string => hash('sha256', text, 'base64url');

export const keys = {
  agents: `${ROOT}:agents`,
  agentPrefix: `${ROOT}:agent:`,
  agent: (id: string) => `${ROOT}:agent:${part(id)}`,
  /** The versions that are kept of an agent, whole, by number; what a list says of each stands apart. */
  agentVersions: (id: string) => `${ROOT}:agent:${part(id)}:versions`,
  agentVersionRows: (id: string) => `${ROOT}:agent:${part(id)}:version-rows`,
  /** What the API lists of an agent's documents, by id. Each document has two more keys: its text and the index of it. */
  agentDocuments: (id: string) => `${ROOT}:agent:${part(id)}:documents`,
  documentTextPrefix: (id: string) => `${ROOT}:agent:${part(id)}:text:`,
  documentText: (id: string, documentId: string) => `${keys.documentTextPrefix(id)}${part(documentId)}`,
  documentIndexPrefix: (id: string) => `${ROOT}:agent:${part(id)}:index:`,
  documentIndex: (id: string, documentId: string) => `${keys.documentIndexPrefix(id)}${part(documentId)}`,
  /** The texts, by id, of documents that were stored before they had an index, until they have one. */
  agentTexts: (id: string) => `${ROOT}:agent:${part(id)}:texts`,
  /** An agent's notes by key, and the keys in the order of their writing. */
  agentNotes: (id: string) => `${ROOT}:agent:${part(id)}:notes`,
  agentNoteOrder: (id: string) => `${ROOT}:agent:${part(id)}:note-order`,
  /** What was pinned of an agent's MCP servers; the definitions that were pinned, and those that differ from them. */
  agentPins: (id: string) => `${ROOT}:agent:${part(id)}:pins`,
  agentPinnedTools: (id: string) => `${ROOT}:agent:${part(id)}:pinned-tools`,
  agentSeenTools: (id: string) => `${ROOT}:agent:${part(id)}:seen-tools`,
  /** The requests to an agent's webhook that were refused, by id; their bodies, by id, stand apart. */
  agentRejections: (id: string) => `${ROOT}:agent:${part(id)}:rejections`,
  agentRejectedBodies: (id: string) => `${ROOT}:agent:${part(id)}:rejected-bodies`,
  tokenPrefix: `${ROOT}:token:`,
  token: (hash: string) => `${ROOT}:token:${part(hash)}`,
  /** Stored API keys by their hash, and when each was used last. */
  apiKeys: `${ROOT}:api-keys`,
  apiKeysUsed: `${ROOT}:api-keys:used`,
  /** Sessions by the time of their start: the id of each and the hash of its token. */
  sessionIndex: `${ROOT}:signed-in`,
  /** Which key a session belongs to, by the hash of the session's own token. */
  sessionPrefix: `${ROOT}:session:`,
  session: (hash: string) => `${ROOT}:session:${part(hash)}`,
  secretCheck: `${ROOT}:secret-check`,
  workers: `${ROOT}:workers`,
  job: (shard: number, taskId: string) => queueKey(shard, part(taskId)),
  jobLock: (shard: number, taskId: string) => queueKey(shard, `${part(taskId)}:lock`),
  /** BullMQ removes `<id>:lock`, `:logs` and the like with a job, and knows nothing of this one: it expires. */
  taskLog: (shard: number, taskId: string) => `${shardPrefix(shard)}:log:${part(taskId)}`,
  repeatedJobs: (shard: number) => queueKey(shard, 'repeat'),
  delayedJobs: (shard: number) => queueKey(shard, 'delayed'),
  prioritizedJobs: (shard: number) => queueKey(shard, 'prioritized'),
  waitingJobs: (shard: number) => queueKey(shard, 'wait'),
  pausedJobs: (shard: number) => queueKey(shard, 'paused'),
  activeJobs: (shard: number) => queueKey(shard, 'active'),
  stalledJobs: (shard: number) => queueKey(shard, 'stalled'),
  completedJobs: (shard: number) => queueKey(shard, 'completed'),
  failedJobs: (shard: number) => queueKey(shard, 'failed'),
  queueMeta: (shard: number) => queueKey(shard, 'meta'),
  /** Numbers jobs of the same priority. */
  priorityCounter: (shard: number) => queueKey(shard, 'pc'),
  queueEvents: (shard: number) => queueKey(shard, 'events'),
  /** Task ids by the time of their making, of one status and of one agent or, with ALL_AGENTS, of all. */
  taskIndex: (shard: number, scope: string, status: TaskStatusName) =>
    `${place(shard, 'index')}${part(scope)}:${status}`,
  /** Agents that have an index. */
  indexScopes: (shard: number) => place(shard, 'scopes'),
  /** All task ids in the order of their text. */
  indexedIds: (shard: number) => place(shard, 'ids'),
  /** Task ids that came with an idempotency key, by its textHash. */
  indexedKey: (shard: number, keyHash: string) => `${place(shard, 'keys')}${part(keyHash)}`,
  /** Tasks that have ended and whose end is still to be told of, by the time when that is due. */
  ended: (shard: number) => place(shard, 'ended'),
  /** How many tasks of an agent that have not ended name each of its versions. */
  openVersions: (shard: number, agentId: string) => `${place(shard, 'openVersions')}${part(agentId)}`,
  /** Counters that only ever grow, by fields. */
  totals: (shard: number) => place(shard, 'totals'),
  /** Counters of an agent, or of ALL_AGENTS, in one hour, by fields; the hour is counted from the epoch. */
  stats: (shard: number, scope: string, hour: number) => `${place(shard, 'stats')}${part(scope)}:${hour}`,
  /** A callback's delivery; an agent's deliveries, in the order of their making; how many of each agent are pending. */
  delivery: (shard: number, id: string) => `${shardPrefix(shard)}:delivery:${part(id)}`,
  deliveryPrefix: (shard: number) => `${shardPrefix(shard)}:delivery:`,
  deliveries: (shard: number, agentId: string) => `${shardPrefix(shard)}:deliveries:${part(agentId)}`,
  pendingDeliveries: (shard: number) => `${shardPrefix(shard)}:pending-deliveries`,
  deliveryLock: (shard: number, id: string) => `${shardPrefix(shard)}:${CALLBACK_QUEUE}:${part(id)}:lock`,
  queueMarker: (shard: number) => queueKey(shard, 'marker'),
  /** Tasks of an agent with max_concurrency that run, and those that wait for a place, by the time of their making. */
  leases: (shard: number, agentId: string) => `${shardPrefix(shard)}:leases:${part(agentId)}`,
  parked: (shard: number, agentId: string) => `${shardPrefix(shard)}:parked:${part(agentId)}`,
  /** Agents with parked tasks, with their max_concurrency. */
  parking: (shard: number) => `${shardPrefix(shard)}:parking`,
  /** Tasks whose worker died that wait for a place of this kind (recovery.ts), by the time of their making. */
  recovering: (shard: number, kind: string) => `${shardPrefix(shard)}:recovering:${kind}`,
  /** Running tasks that are to be stopped, by the time of the wish. */
  cancelling: (shard: number) => `${shardPrefix(shard)}:cancelling`,
};
