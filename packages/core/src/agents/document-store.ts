import type { DocumentsPort } from '@agenthook/contracts';
import type { Context } from '../context.js';
export const documentsOf = (_ctx: Context, _agentId: string): DocumentsPort => ({
  revision: async () => '',
  all: async () => [],
});
