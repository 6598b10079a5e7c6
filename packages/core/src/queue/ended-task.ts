/** A task that has ended, as those who are told of it need it. */
export interface EndedTask {
  task_id: string;
  shard: number;
  agent_id: string;
  agent_version: number;
  status: 'SUCCESS' | 'FAILURE';
  finished_ms: number;
  /** From the first start to the end; null where it never started. */
  duration_ms: number | null;
  summary: EndSummary;
}

/** What a list shows of a task's end. It stands as JSON in a field of the job's hash. */
export interface EndSummary {
  code: string | null;
  model: string | null;
  steps: number | null;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
}
