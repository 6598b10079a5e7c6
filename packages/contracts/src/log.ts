/** A task's log: what finished, in order. A run that starts again is rebuilt from it. */

interface Entry {
  /** RFC 3339, UTC. */
  at: string;
  /** The attempt it belongs to, from 1. */
  attempt: number;
}

/** What the model was told. Written with the first turn, and kept for all attempts. */
export interface PromptEntry extends Entry {
  type: 'prompt';
  system: string;
  user: string;
}

/** A finished turn of the model. */
export interface TurnEntry extends Entry {
  type: 'turn';
  model: string;
  latency_ms: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
  /** The model's answer as the SDK's provider layer gave it, as JSON. */
  result: unknown;
}

/** A tool call is about to be made: whether it was, nobody knows until its end is here too. */
export interface ToolStartedEntry extends Entry {
  type: 'tool_started';
  /** `<number of the turn>:<the provider's call id>`: providers do not keep ids unique. */
  call: string;
  name: string;
  arguments: unknown;
}

export interface ToolFinishedEntry extends Entry {
  type: 'tool_finished';
  call: string;
  duration_ms: number;
  result?: unknown;
  error?: string;
}

/** An attempt ended without a result. */
export interface AttemptFailedEntry extends Entry {
  type: 'attempt_failed';
  code: string;
  message: string;
}

/** Something that people should know of the attempt, and its model does not. */
export interface NoteEntry extends Entry {
  type: 'note';
  text: string;
}

export type LogEntry =
  | NoteEntry
  | PromptEntry
  | TurnEntry
  | ToolStartedEntry
  | ToolFinishedEntry
  | AttemptFailedEntry;

/** The log of one task, as a run sees it. */
export interface StepLog {
  /** What stood in it when this attempt began. */
  entries: readonly LogEntry[];
  /**
   * Writes entries, all or none; they are durable when it resolves. Rejects once the task belongs to another worker:
   * the run must then end.
   */
  append(...entries: LogEntry[]): Promise<void>;
}
