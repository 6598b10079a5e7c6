import type { TaskTrigger } from '@agenthook/contracts';
import type { StoredRetention } from './job.js';

const DAY_MS = 86_400_000;

/** When a task's own retention ends, in ms. */
export const expiryOf = (finishedMs: number, days: number): number => finishedMs + Math.round(days * DAY_MS);

/** A task end, with what its handlers need. */
export interface EndedTask {
  task_id: string;
  shard: number;
  agent_id: string;
  agent_version: number;
  trigger: TaskTrigger;
  /** How long it is kept, and what of it, if not all. */
  retention?: StoredRetention;
  /** It tested a draft. */
  draft?: true;
  /** The schedule that made it. */
  schedule_id?: string;
  /** The scheme of the signature that its event was checked by. */
  sender?: string;
  /** The tasks that it has called. */
  children?: string[];
  status: 'SUCCESS' | 'FAILURE';
  finished_ms: number;
  /** From the first start to the end; null if the task never started. */
  duration_ms: number | null;
  summary: EndSummary;
}

/** What lists show of a task's end. Stored as JSON in a field of the job's hash. */
export interface EndSummary {
  code: string | null;
  model: string | null;
  steps: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
}
