import { hash, randomUUID } from 'node:crypto';
import { ID_PATTERNS } from '@agenthook/contracts';

const SHAPE = new RegExp(ID_PATTERNS.task);

/** The virtual shard (0 to 255) of all tasks of an agent. */
export const virtualShardOf = (agentId: string): number => hash('sha256', agentId, 'buffer')[0] ?? 0;

/**
 * A task id: a UUIDv8 (RFC 9562) whose first byte is the agent's virtual shard; the other 114 free bits are random.
 * The shard travels in the id, so that a status poll needs no look-up to find its queue, with any number of shards.
 */
export function createTaskId(agentId: string): string {
  // Node keeps random bytes for UUIDs in stock; made of fresh ones, an id takes ten times as long.
  const uuidV4 = randomUUID();
  const shard = virtualShardOf(agentId).toString(16).padStart(2, '0');
  return `${shard}${uuidV4.slice(2, 14)}8${uuidV4.slice(15)}`;
}

/** Which of `shards` queues a task lives in; undefined when the text is no task id of ours. */
export function shardOf(taskId: string, shards: number): number | undefined {
  return SHAPE.test(taskId) ? Number.parseInt(taskId.slice(0, 2), 16) % shards : undefined;
}

/** Which of `shards` queues the tasks of an agent live in. */
export const shardOfAgent = (agentId: string, shards: number): number => virtualShardOf(agentId) % shards;
