import { createHash, randomBytes } from 'node:crypto';

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The virtual shard (0 to 255) of all tasks of an agent. */
export const virtualShardOf = (agentId: string): number =>
  createHash('sha256').update(agentId).digest()[0] ?? 0;

/**
 * A task id: a UUIDv8 (RFC 9562) whose first byte is the agent's virtual shard; the other 114 free bits are random.
 * The shard travels in the id, so that a status poll needs no look-up to find its queue, with any number of shards.
 */
export function createTaskId(agentId: string): string {
  const bytes = randomBytes(16);
  bytes[0] = virtualShardOf(agentId);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Which of `shards` queues a task lives in; undefined when the text is no task id of ours. */
export function shardOf(taskId: string, shards: number): number | undefined {
  return SHAPE.test(taskId) ? Number.parseInt(taskId.slice(0, 2), 16) % shards : undefined;
}
