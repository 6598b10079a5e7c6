import { expect, test } from '@jest/globals';
import { createTaskId, shardOf, virtualShardOf } from './task-id.js';

test('task ids are UUIDv8, never twice the same, and carry the shard of their agent', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => createTaskId('agt_7')));
  expect(ids.size).toBe(10_000);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(shardOf(id, 256)).toBe(virtualShardOf('agt_7'));
    expect(shardOf(id, 1)).toBe(0);
  }
});

test('the shards of many agents are spread over all of them', () => {
  const shards = new Set(Array.from({ length: 5_000 }, (_, n) => virtualShardOf(`agt_${n}`)));
  expect(shards.size).toBe(256);
});
