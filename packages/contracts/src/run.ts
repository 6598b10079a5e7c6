import type { AgentConfig } from './agent.js';
import type { StepLog } from './log.js';
import type { PinsPort } from './mcp-pins.js';
import type { DocumentsPort, MemoryPort } from './stores.js';
import type { TaskFailure, TaskSuccess } from './task.js';

/** One attempt at a task: all that an agent run is given. */
export interface AttemptInput {
  task: {
    id: string;
    attempt: number;
    created_at: string;
    /** Whether someone with an API key wrote the payload, to try the agent out. */
    rehearsal: boolean;
  };
  /** The configuration with its secrets in plain text. */
  agent: { id: string; version: number; config: AgentConfig };
  payload: unknown;
  /** The safe subset of the trigger's request headers, names in lower case. */
  headers: Record<string, string>;
  /** What this and earlier attempts have finished. */
  log: StepLog;
  memory: MemoryPort;
  documents: DocumentsPort;
  pins: PinsPort;
  /** Aborts on shutdown, cancel and lost lock. The run then ends soon, whatever it returns. */
  signal: AbortSignal;
}

/** How one attempt ended. Expected failures are values; anything thrown is a defect. */
export type AttemptOutcome =
  | { outcome: 'succeeded'; result: TaskSuccess }
  | {
      outcome: 'failed';
      failure: TaskFailure;
      /** Whether another attempt may succeed. */
      retryable: boolean;
      /** What the provider's Retry-After asked for, in ms from now. */
      retry_after_ms?: number;
    };

/** The port through which core runs an agent without knowing any model SDK. */
export type RunAgent = (input: AttemptInput) => Promise<AttemptOutcome>;
