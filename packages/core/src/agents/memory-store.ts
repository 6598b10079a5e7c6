import type { MemoryPort } from '@agenthook/contracts';
import type { Context } from '../context.js';
export const memoryOf = (_ctx: Context, _agentId: string): MemoryPort => ({
  list: async () => [],
  save: async () => undefined,
  remove: async () => false,
});
