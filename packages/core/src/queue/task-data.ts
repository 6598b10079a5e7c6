/** What a job in the queue carries: enough to run without asking the webhook again. */
export interface TaskData {
  agent_id: string;
  agent_version: number;
  payload: unknown;
  /** The safe subset of the request's headers, names in lower case. */
  headers: Record<string, string>;
  /** The task that this one repeats. */
  replay_of?: string;
  /**
   * Someone with an API key wrote the payload, to try the agent out. A replay keeps it. A sender's payload never gets it,
   * whoever replays or accepts it.
   */
  rehearsal?: true;
}

/** The name of the one kind of job in the task queue. */
export const RUN_JOB = 'run';
