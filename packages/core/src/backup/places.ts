import { CONVERSATION_PARTS } from '../queue/conversation.js';
import { AGENT_SPEND, HASH_TAGS, keys, PLACES, shardPrefix, taskPrefix } from '../redis/keys.js';

/** There is one shard. */
const SHARD = 0;
const TASKS = taskPrefix(SHARD);
const TASK_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The beginnings of the keys that a backup leaves out, after their hash tag: what processes keep for
 * themselves while they run, what a restore makes itself, and what would act on its own after one.
 */
const LEFT_OUT = {
  root: [
    ...[
      'secret-check',
      'store-check',
      'retention',
      'workers',
      'process',
      'tool-check',
      'index-sweep',
      'granting:',
      'clock',
    ],
    ...['session:', 'signed-in', 'sign-in:', 'bulk', 'spending', 'budgeted', 'data-version', 'restoring:'],
    ...['alert-outbox', 'alert-states', 'alert-turn', 'archive-turn', 'failing'],
  ],
  shard: [
    ...['tasks:', 'callbacks:', 'log:', 'index:', 'ended', 'open-versions:', 'leases:', 'parked:', 'parking'],
    ...[
      'held:',
      'holding',
      'crowded',
      'recovering:',
      'cancelling',
      'asking',
      'asked',
      'breaker:',
      'burst:',
      'again:',
    ],
    ...['pending-deliveries', 'unfunded', 'releas', 'restoring', 'moving', 'refused-tasks', 'clock'],
  ],
};

/** The keys of an installation begin with these; the tasks' keys with the second. */
export const [ROOT_TAG, SHARD_TAG] = HASH_TAGS;

/**
 * What a backup does with a key: copies it as it is, writes the task whose job it is, or leaves it out.
 */
export function placeOf(key: string): { task: string } | 'copy' | 'leave out' {
  if (key.startsWith(`${ROOT_TAG}:`)) {
    const rest = key.slice(ROOT_TAG.length + 1);
    return LEFT_OUT.root.some((start) => rest.startsWith(start)) ? 'leave out' : 'copy';
  }
  if (!key.startsWith(`${SHARD_TAG}:`)) return 'leave out';
  const id = key.startsWith(TASKS) ? key.slice(TASKS.length) : '';
  if (TASK_ID.test(id)) return { task: id };
  const rest = key.slice(SHARD_TAG.length + 1);
  if (LEFT_OUT.shard.some((start) => rest.startsWith(start))) return 'leave out';
  const isTurn = [CONVERSATION_PARTS.running, CONVERSATION_PARTS.waiting].some((end) => key.endsWith(end));
  return isTurn ? 'leave out' : 'copy';
}

/** Whether a key only names what has keys of its own: a merge adds the names that it lacks. */
export const isIndex = (key: string): boolean =>
  key === keys.agents ||
  key === keys.dataKeys ||
  key === keys.schedules ||
  key === keys.expiring(SHARD) ||
  key === keys.emptying(SHARD) ||
  key === keys.blobs(SHARD) ||
  key === keys.archivedBlobs(SHARD) ||
  [PLACES.conversations, 'deliveries:'].some((start) => key.startsWith(`${SHARD_TAG}:${start}`));

/** Whether a key counts what the installation or an agent spends. */
export const isSpend = (key: string): boolean =>
  key === keys.spend || (key.startsWith(keys.agentPrefix) && key.endsWith(AGENT_SPEND));

/** The agent whose hash this key is; undefined for any other key. */
export function agentOf(key: string): string | undefined {
  const id = key.startsWith(keys.agentPrefix) ? key.slice(keys.agentPrefix.length) : ':';
  return id.includes(':') ? undefined : id;
}

/** Where a key is written until it is whole. In its hash slot. */
export const stagedKey = (key: string): string =>
  `${key.startsWith(`${ROOT_TAG}:`) ? ROOT_TAG : SHARD_TAG}:restoring:${key}`;

/** The key of an idempotency key's hash, and of the tasks that a restore has not decided about. */
export const onceKey = (name: string): string => `${TASKS}de:${name}`;
export const restoringKey = `${shardPrefix(SHARD)}:restoring`;

/** All keys that belong to one task. */
export const keysOfTask = (id: string) => ({
  job: keys.job(SHARD, id),
  files: keys.taskFiles(SHARD, id),
  events: keys.taskEvents(SHARD, id),
  log: keys.taskLog(SHARD, id),
});
