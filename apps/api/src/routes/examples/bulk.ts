import type { BulkJob } from '@agenthook/contracts';
import { taskId } from './tasks.js';

export const bulkJob: BulkJob = {
  id: 'blk_019a5c3e7d21a1b2c3d4e5f60718',
  action: 'replay',
  filter: { status: ['FAILURE'], from: '2026-11-22T09:00:00Z', to: '2026-11-22T10:00:00Z' },
  version: 'current',
  state: 'running',
  total: 775,
  done: 310,
  skipped: 1,
  failed: 0,
  reasons: [
    { outcome: 'skipped', code: 'unknown_task', title: 'Unknown task', count: 1, examples: [taskId] },
  ],
  waiting_for: null,
  created_at: '2026-11-22T10:04:00.000Z',
  created_by: 'on call',
  finished_at: null,
};
