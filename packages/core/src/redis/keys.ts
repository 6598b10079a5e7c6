import { hash } from 'node:crypto';
import type { TaskStatusName } from '@agenthook/contracts';

/**
 * Defines every Redis key.
 *
 * Agents and their tokens share one hash slot, so that a rotation or look-up is one atomic script on Redis
 * Cluster too. All keys of a task have the hash tag of its shard.
 *
 * Only ids and hashes, without colons, become part of a key, so no two keys can collide.
 */
const ROOT = '{agenthook}';

/** The beginnings of all keys. There is one shard. */
export const HASH_TAGS = [ROOT, '{agenthook:0}'] as const;

export const TASK_QUEUE = 'tasks';
export const CALLBACK_QUEUE = 'callbacks';

/** The BullMQ prefix of a shard. With the queue's name it makes `{agenthook:0}:tasks:<task id>`. */
export const shardPrefix = (shard: number): string => `{agenthook:${shard}}`;

/** The prefix of the keys of a shard's jobs and of its task queue's sets. */
export const taskPrefix = (shard: number): string => `${shardPrefix(shard)}:${TASK_QUEUE}:`;

/** Used instead of an agent's id for the index of all tasks. */
export const ALL_AGENTS = 'all';

/** What is counted by name, for all agents and for each, and how the scopes of those counters begin. */
export const NAMED = { sender: 'by-sender-', model: 'by-model-', error_code: 'by-error_code-' } as const;
export type NamedKind = keyof typeof NAMED;

/** What follows a shard's hash tag in the keys that our Lua scripts build themselves. */
export const PLACES = {
  index: 'index:',
  ids: 'index:ids',
  scopes: 'index:scopes',
  keys: 'index:key:',
  ended: 'ended',
  stats: 'stats:',
  totals: 'totals',
  openVersions: 'open-versions:',
  again: 'again:',
  busy: 'busy:',
  names: 'names:',
  paused: 'paused:',
  held: 'held:',
  parked: 'parked:',
  parking: 'parking',
  crowded: 'crowded',
  recovering: 'recovering:',
  pauses: 'pauses',
  breaker: 'breaker:',
  conversation: 'conversation:',
  conversations: 'conversations:',
  arrivals: 'arrivals',
  burst: 'burst:',
  cancelling: 'cancelling',
  asking: 'asking',
  asked: 'asked',
  log: 'log:',
  expiring: 'expiring',
  emptying: 'emptying',
  blobs: 'blobs',
  archivedBlobs: 'blobs-archived',
  releasedBlobs: 'blobs-released',
  refusedTasks: 'refused-tasks',
} as const;

/** Where a task that lost its worker runs: along with others, or, if it lost more than one, alone. */
export const RECOVERY = { recovered: 'recovered', alone: 'alone' } as const;
export type RecoveryKind = keyof typeof RECOVERY;

const place = (shard: number, name: keyof typeof PLACES): string => `${shardPrefix(shard)}:${PLACES[name]}`;

const queueKey = (shard: number, suffix: string): string => taskPrefix(shard) + suffix;

const ID = /^[A-Za-z0-9_-]{1,100}$/;

/** An id as part of a key. Throws for any other text, which the api should not have let through. */
function part(id: string): string {
  if (!ID.test(id)) throw new Error('a text that is no id would have become a part of a Redis key');
  return id;
}

/** The hash that replaces a sender's text in a key. */
export const textHash = (text: string): string => hash('sha256', text, 'base64url');

/** What comes before the name in the keys of an agent's counters by name. Nothing for those of all agents. */
const ofAgent = (agentId: string | undefined): string => (agentId === undefined ? '' : `${part(agentId)}-`);

/** What stands for a sender, model or error code in the keys of its counters: of all agents, or of one. */
export const namedScope = (kind: NamedKind, name: string, agentId?: string): string =>
  ofAgent(agentId) + NAMED[kind] + (kind === 'model' ? textHash(name) : name);

/** What follows an agent's key in that of its spending. */
export const AGENT_SPEND = ':spend';

export const keys = {
  agents: `${ROOT}:agents`,
  agentPrefix: `${ROOT}:agent:`,
  agent: (id: string) => `${ROOT}:agent:${part(id)}`,
  /** An agent's stored versions by number. Their rows for lists are in a separate key. */
  agentVersions: (id: string) => `${ROOT}:agent:${part(id)}:versions`,
  agentVersionRows: (id: string) => `${ROOT}:agent:${part(id)}:version-rows`,
  /** The entries of an agent's documents, by id. Each document has two more keys: its text and its index. */
  agentDocuments: (id: string) => `${ROOT}:agent:${part(id)}:documents`,
  documentTextPrefix: (id: string) => `${ROOT}:agent:${part(id)}:text:`,
  documentText: (id: string, documentId: string) => `${keys.documentTextPrefix(id)}${part(documentId)}`,
  documentIndexPrefix: (id: string) => `${ROOT}:agent:${part(id)}:index:`,
  documentIndex: (id: string, documentId: string) => `${keys.documentIndexPrefix(id)}${part(documentId)}`,
  /** The texts of documents that were stored before indexes existed, by id, until they are indexed. */
  agentTexts: (id: string) => `${ROOT}:agent:${part(id)}:texts`,
  /** An agent's notes by key, and the notes' keys in the order of writing. */
  agentNotes: (id: string) => `${ROOT}:agent:${part(id)}:notes`,
  agentNoteOrder: (id: string) => `${ROOT}:agent:${part(id)}:note-order`,
  /**
   * The pins of an agent's MCP servers, the pinned definitions, and the definitions that differ from them.
   */
  agentPins: (id: string) => `${ROOT}:agent:${part(id)}:pins`,
  agentPinnedTools: (id: string) => `${ROOT}:agent:${part(id)}:pinned-tools`,
  agentSeenTools: (id: string) => `${ROOT}:agent:${part(id)}:seen-tools`,
  /** What OAuth servers have granted to an agent's tools, and who may renew a grant. */
  agentGrants: (id: string) => `${ROOT}:agent:${part(id)}:grants`,
  granting: (grant: string) => `${ROOT}:granting:${part(grant)}`,
  /** An agent's rejections by id. Their bodies are in a separate key. */
  agentRejections: (id: string) => `${ROOT}:agent:${part(id)}:rejections`,
  agentRejectedBodies: (id: string) => `${ROOT}:agent:${part(id)}:rejected-bodies`,
  /** Events that the agent's filter left out, by id, and their bodies. */
  agentFiltered: (id: string) => `${ROOT}:agent:${part(id)}:filtered`,
  agentFilteredBodies: (id: string) => `${ROOT}:agent:${part(id)}:filtered-bodies`,
  /** The state of each of an agent's schedules, by id. */
  agentSchedules: (id: string) => `${ROOT}:agent:${part(id)}:schedules`,
  /** The schedules of all agents by when a worker must look at them, in ms. */
  schedules: `${ROOT}:schedules`,
  /** The budget of the installation, and what it spends. */
  budget: `${ROOT}:budget`,
  spend: `${ROOT}:spend`,
  /** What an agent spends. */
  agentSpend: (id: string) => `${keys.agent(id)}${AGENT_SPEND}`,
  /** Agents with a budget, in the order of their ids. */
  budgetedAgents: `${ROOT}:budgeted`,
  /** What is counted of each open task, by its id. */
  spending: `${ROOT}:spending`,
  /** The audit log, and the entries of changes that are being made, by id. */
  audit: `${ROOT}:audit`,
  openAudits: `${ROOT}:audit:open`,
  tokenPrefix: `${ROOT}:token:`,
  token: (hash: string) => `${ROOT}:token:${part(hash)}`,
  /** Stored API keys by hash, and when each was last used. */
  apiKeys: `${ROOT}:api-keys`,
  apiKeysUsed: `${ROOT}:api-keys:used`,
  /** Sessions by start time: the id of each and its token's hash. */
  sessionIndex: `${ROOT}:signed-in`,
  /** A session, by its token's hash. */
  sessionPrefix: `${ROOT}:session:`,
  session: (hash: string) => `${ROOT}:session:${part(hash)}`,
  /** Bulk jobs by creation time, and the unfinished ones by when a process may take them. */
  bulkJobs: `${ROOT}:bulk-jobs`,
  openBulkJobs: `${ROOT}:bulk-open`,
  bulkPrefix: `${ROOT}:bulk:`,
  /** A bulk job, and the ids that it has still to handle. */
  bulkJob: (id: string) => `${ROOT}:bulk:${part(id)}`,
  bulkItems: (id: string) => `${ROOT}:bulk:${part(id)}:items`,
  /** Which bulk job an idempotency key has made, and the hash of its body. */
  bulkOnce: (keyHash: string) => `${ROOT}:bulk-once:${part(keyHash)}`,
  /** Notify channels, by name. */
  notifyChannels: `${ROOT}:notify-channels`,
  /** Alert rules by id, and what each remembers. */
  alertRules: `${ROOT}:alert-rules`,
  alertStates: `${ROOT}:alert-states`,
  /** All alerts by id, which begins with their time; the open ones by `<rule id> <subject>`; one alert. */
  alerts: `${ROOT}:alerts`,
  openAlerts: `${ROOT}:alerts:open`,
  alertPrefix: `${ROOT}:alert:`,
  alert: (id: string) => `${ROOT}:alert:${part(id)}`,
  /** What is still to be told about alerts, by due time: `<alert id> <opened or resolved>`. */
  alertOutbox: `${ROOT}:alert-outbox`,
  /** Present while a process looks at the rules, and for a while after it. Expires. */
  alertTurn: `${ROOT}:alert-turn`,
  /** Agents whose last task failed, for rules about the first failure (note-outcomes.lua). */
  failing: `${ROOT}:failing`,
  /** Agents whose callback was disabled; some may have been enabled since. */
  disabledCallbacks: `${ROOT}:disabled-callbacks`,
  /** A link that signs in once, by its token's hash. Expires. */
  signInLink: (hash: string) => `${ROOT}:sign-in:${part(hash)}`,
  /** A link to a run, by its token's hash, and the links of a task by id. Both expire. */
  share: (hash: string) => `${ROOT}:share:${part(hash)}`,
  shares: (taskId: string) => `${ROOT}:shares:${part(taskId)}`,
  secretCheck: `${ROOT}:secret-check`,
  /** Data keys of earlier secret keys by id, sealed with the present one. */
  dataKeys: `${ROOT}:data-keys`,
  storeCheck: `${ROOT}:store-check`,
  /** Present while a process sweeps the index, and for a while after it. Expires. */
  indexSweep: `${ROOT}:index-sweep`,
  /** Present while a process moves tasks into the archive, and for a while after it. Expires. */
  archiveTurn: `${ROOT}:archive-turn`,
  /** The version of the data: how many migrations it has seen. */
  dataVersion: `${ROOT}:data-version`,
  /** The processes that have reported, and the report of each, which expires. */
  processes: `${ROOT}:processes`,
  processPrefix: `${ROOT}:process:`,
  process: (id: string) => `${ROOT}:process:${part(id)}`,
  /** What a process is doing; expires. */
  processLoadPrefix: `${ROOT}:process-load:`,
  processLoad: (id: string) => `${keys.processLoadPrefix}${part(id)}`,
  /** What all processes have counted for /metrics, and which agents, models or tools have counters. */
  metrics: `${ROOT}:metrics`,
  metricLabels: (label: 'agent' | 'model' | 'tool') => `${ROOT}:metrics:${label}`,
  /** How long finished tasks are kept, in seconds. */
  retention: `${ROOT}:retention`,
  /** Agents whose own retention has changed, for the next sweep, each with the version and the days. */
  retentionChanges: `${ROOT}:retention-changes`,
  /** Redis's time when a process last noted it, in ms. Each shard has one as well (set-back.ts). */
  clock: `${ROOT}:clock`,
  shardClock: (shard: number) => `${shardPrefix(shard)}:clock`,
  /** Workers by last heartbeat, for processes of an older version. */
  workers: `${ROOT}:workers`,
  /** Checks of tools that wait for a worker, and the answer to each, by id. Both expire. */
  toolChecks: `${ROOT}:tool-checks`,
  toolCheck: (id: string) => `${ROOT}:tool-check:${part(id)}`,
  job: (shard: number, taskId: string) => queueKey(shard, part(taskId)),
  jobLock: (shard: number, taskId: string) => queueKey(shard, `${part(taskId)}:lock`),
  /** BullMQ removes `<id>:lock`, `:logs` and the like with a job, but does not know this key. It expires. */
  taskLog: (shard: number, taskId: string) => `${place(shard, 'log')}${part(taskId)}`,
  /** What waits for a decision, by when it was asked: `<task id> <id of the journal's entry>`. */
  asking: (shard: number) => place(shard, 'asking'),
  /** The outbox of asks: those that are still to be told, by due time, named as in `asking`. */
  asked: (shard: number) => place(shard, 'asked'),
  /**
   * A list of the task's files. BullMQ removes the key together with the job. It would hold BullMQ's own logs
   * of jobs, which are not used.
   */
  taskFiles: (shard: number, taskId: string) => queueKey(shard, `${part(taskId)}:logs`),
  /** Tasks that have files in the blob store, by when to look whether they still exist, in ms. */
  blobs: (shard: number) => place(shard, 'blobs'),
  /** The same for tasks in the archive. Without an archive, nobody knows which of them exist. */
  archivedBlobs: (shard: number) => place(shard, 'archivedBlobs'),
  /** Tasks whose files are to be removed from it. */
  releasedBlobs: (shard: number) => place(shard, 'releasedBlobs'),
  /** A list of the events of a burst's task. BullMQ removes this key, too, together with the job. */
  taskEvents: (shard: number, taskId: string) => queueKey(shard, `${part(taskId)}:processed`),
  /** Which task an event joined, by the id that its own task would have had. Expires. */
  joinedTask: (shard: number, taskId: string) => queueKey(shard, `${part(taskId)}:joined`),
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
  /** Counter for jobs of the same priority. */
  priorityCounter: (shard: number) => queueKey(shard, 'pc'),
  queueEvents: (shard: number) => queueKey(shard, 'events'),
  /** Task ids by creation time, of one status and of one agent or, with ALL_AGENTS, of all agents. */
  taskIndex: (shard: number, scope: string, status: TaskStatusName) =>
    `${place(shard, 'index')}${part(scope)}:${status}`,
  /** Agents that have an index. */
  indexScopes: (shard: number) => place(shard, 'scopes'),
  /** All task ids in text order. */
  indexedIds: (shard: number) => place(shard, 'ids'),
  /** Task ids by the textHash of their idempotency key. */
  indexedKey: (shard: number, keyHash: string) => `${place(shard, 'keys')}${part(keyHash)}`,
  /** The outbox: tasks whose end is still to be delivered, by due time. */
  ended: (shard: number) => place(shard, 'ended'),
  /** Ended tasks of agents with a retention of their own, by when it ends, in ms. */
  expiring: (shard: number) => place(shard, 'expiring'),
  /** Ended tasks that are being moved into the archive (archiving/begin-move.lua). */
  moving: (shard: number) => `${shardPrefix(shard)}:moving`,
  /** Ended tasks that the archive refused: when and why (archiving/refused-tasks.ts). */
  refusedTasks: (shard: number) => place(shard, 'refusedTasks'),
  /** Ended tasks whose texts are to be removed, by when the next part is due, in ms. */
  emptying: (shard: number) => place(shard, 'emptying'),
  /** For each version of an agent, the number of open tasks that need it. */
  openVersions: (shard: number, agentId: string) => `${place(shard, 'openVersions')}${part(agentId)}`,
  /** Counters that only grow, by field. */
  totals: (shard: number) => place(shard, 'totals'),
  /** Counters of an agent, or of ALL_AGENTS, for one hour since the epoch, by field. */
  stats: (shard: number, scope: string, hour: number) => `${place(shard, 'stats')}${part(scope)}:${hour}`,
  /** The same for a whole day since the epoch that is over. Made when it is first read. */
  dayStats: (shard: number, scope: string, day: number) => `${place(shard, 'stats')}${part(scope)}:d${day}`,
  /** The names that have counters on a day since the epoch, of all agents or of one. */
  statNames: (shard: number, kind: NamedKind, day: number, agentId?: string) =>
    `${place(shard, 'names')}${ofAgent(agentId)}${kind}:${day}`,
  /** How many tasks each agent got on a day since the epoch. */
  busyAgents: (shard: number, day: number) => `${place(shard, 'busy')}${day}`,
  /** Tasks that replay or continue others and wait for their start. */
  waitingReplays: (shard: number, agentId: string) => `${place(shard, 'again')}${part(agentId)}`,
  /**
   * A callback delivery; an agent's deliveries by creation time; the number of pending deliveries of each
   * agent.
   */
  delivery: (shard: number, id: string) => `${shardPrefix(shard)}:delivery:${part(id)}`,
  deliveryPrefix: (shard: number) => `${shardPrefix(shard)}:delivery:`,
  deliveries: (shard: number, agentId: string) => `${shardPrefix(shard)}:deliveries:${part(agentId)}`,
  pendingDeliveries: (shard: number) => `${shardPrefix(shard)}:pending-deliveries`,
  deliveryLock: (shard: number, id: string) => `${shardPrefix(shard)}:${CALLBACK_QUEUE}:${part(id)}:lock`,
  callbackPrefix: (shard: number) => `${shardPrefix(shard)}:${CALLBACK_QUEUE}:`,
  queueMarker: (shard: number) => queueKey(shard, 'marker'),
  /** Running tasks of an agent with max_concurrency, and its parked tasks by creation time. */
  leases: (shard: number, agentId: string) => `${shardPrefix(shard)}:leases:${part(agentId)}`,
  parked: (shard: number, agentId: string) => `${place(shard, 'parked')}${part(agentId)}`,
  /** Agents with parked tasks, with their max_concurrency. */
  parking: (shard: number) => place(shard, 'parking'),
  /** Says that an agent is paused, since when and why. */
  paused: (shard: number, agentId: string) => `${place(shard, 'paused')}${part(agentId)}`,
  /** What people have paused, by name (pauses/pause-names.ts). */
  pauses: (shard: number) => place(shard, 'pauses'),
  /** Tasks whose pause has ended, in groups, and the ids of the groups. */
  released: (shard: number, id: string) => `${shardPrefix(shard)}:released:${part(id)}`,
  releasing: (shard: number) => `${shardPrefix(shard)}:releasing`,
  /** Tasks that wait for a paused agent, by creation time, and the agents that have such tasks. */
  held: (shard: number, agentId: string) => `${place(shard, 'held')}${part(agentId)}`,
  holding: (shard: number) => `${shardPrefix(shard)}:holding`,
  /** Tasks that wait for a budget of their agent, by creation time, and the agents that have such tasks. */
  unfunded: (shard: number, agentId: string) => `${shardPrefix(shard)}:unfunded:${part(agentId)}`,
  unfundedAgents: (shard: number) => `${shardPrefix(shard)}:unfunded`,
  /** Tasks that wait because their agent has its share of a worker's slots, by turn. */
  crowded: (shard: number) => place(shard, 'crowded'),
  /** Tasks that lost their worker and wait for a place of this kind (recovery.ts), by creation time. */
  recovering: (shard: number, kind: RecoveryKind) => `${place(shard, 'recovering')}${kind}`,
  /** Running tasks that are to be stopped, by when that was requested. */
  cancelling: (shard: number) => place(shard, 'cancelling'),
  /** What is known of a conversation. Its other keys begin with this one (queue/conversation.ts). */
  conversation: (shard: number, id: string) => `${place(shard, 'conversation')}${part(id)}`,
  /** Conversations by the time of their last event, of one agent or, with ALL_AGENTS, of all agents. */
  conversations: (shard: number, scope: string) => `${place(shard, 'conversations')}${part(scope)}`,
};
