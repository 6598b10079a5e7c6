import type { ChildCall, ChildSpent, ToolStartedEntry } from './log.js';

/** An agent that another one may call. */
export interface CallableAgent {
  name: string;
  description: string;
  input_schema: Record<string, unknown> | null;
}

/** Where the task of a call is. */
export type ChildState =
  | { state: 'open' }
  /** It did not end in time, and was told to stop. */
  | { state: 'late'; spent: ChildSpent }
  /** It was removed, or its result has expired. */
  | { state: 'gone' }
  | { state: 'succeeded'; result: unknown; duration_ms: number; spent: ChildSpent }
  | { state: 'failed'; code: string; message: string; duration_ms: number; spent: ChildSpent };

/** The port through which a run calls other agents. A call is a task of its own, the child. */
export interface AgentsPort {
  /** What an agent takes; undefined if it was deleted. */
  describe(agentId: string): Promise<CallableAgent | undefined>;
  /** Why the agent may not be called now, in words for the model; otherwise the id of the call's task. */
  admit(agentId: string, call: string): Promise<{ refused: string } | { task_id: string }>;
  /**
   * Where the task of a started call is. Creates it if it does not exist yet and this run waits for it. Once
   * it is `open`, its end continues this run.
   */
  follow(started: ToolStartedEntry & { child: ChildCall }): Promise<ChildState>;
}
