/** What a job in the queue carries: enough to run without asking the webhook again. */
export interface TaskData {
  agent_id: string;
  agent_version: number;
  payload: unknown;
  /** The safe subset of the request's headers, names in lower case. */
  headers: Record<string, string>;
  /** The task that this one repeats. */
  replay_of?: string;
}

/** The name of the one kind of job in the task queue. */
export const RUN_JOB = 'run';
