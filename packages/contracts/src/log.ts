import type { DecidedBy, Decision } from './approval.js';
import type { RunLimits } from './continue.js';
import type { TokenCounts } from './prices/tokens.js';
import type { ProviderAnswer } from './provider-answer.js';
import type { AskKind } from './waiting-for.js';

/** The journal of a task: finished turns and calls, in order. A run that starts again is rebuilt from it. */

interface Entry {
  /** RFC 3339, UTC. */
  at: string;
  /** The attempt it belongs to, from 1; COPIED for an entry of the task that this one goes on from. */
  attempt: number;
}

/** The attempt of entries that were copied from another task's journal. */
export const COPIED = 0;

/** Whether an entry, or what is shown of it, was copied from another task's journal. */
export const isCopied = ({ attempt }: { attempt: number }): boolean => attempt === COPIED;

/** The prompt that the model received. Written with the first turn and reused by every attempt. */
export interface PromptEntry extends Entry {
  type: 'prompt';
  system: string;
  user: string;
  /** The URLs of files that belong to the user message. */
  attach?: string[];
  /** Those that could not be had when the first turn began, and why. */
  unattached?: UnattachedFile[];
}

/** A file that a template attaches and that could not be had. */
export interface UnattachedFile {
  url: string;
  problem: string;
}

/** A finished turn of the model. */
export interface TurnEntry extends Entry, TokenCounts {
  type: 'turn';
  model: string;
  latency_ms: number;
  /** Whether the tokens are an estimate. */
  estimated?: true;
  cost_usd: number | null;
  /** The model's answer as the SDK's provider layer returned it, as JSON. */
  result: unknown;
}

/** A tool call is about to be made. Until its end is logged too, its outcome is unknown. */
export interface ToolStartedEntry extends Entry {
  type: 'tool_started';
  /** `<turn number>:<the provider's call id>`, because providers reuse call ids. */
  call: string;
  name: string;
  arguments: unknown;
  /** Only with the first call of a tool that a server or a description defines. */
  tool?: CalledTool;
  /** Only with a call of an agent. It ends when this task does. */
  child?: ChildCall;
}

/** The task that a call of an agent is. It is created after this entry, once. */
export interface ChildCall {
  task_id: string;
  /** The call's name in URLs. */
  call_id: string;
  agent_id: string;
  /** What the task may use at most: its share of what was left to its parent. */
  limits: RunLimits;
  /** Until when it is waited for, in ms since the epoch. */
  expires_ms: number;
  /** Whether its payload is only the argument `payload`, because its schema is not one of an object. */
  is_wrapped?: true;
}

/** What a task has used, with all tasks that it has called. */
export interface ChildSpent {
  steps: number;
  total_tokens: number;
  /** null once a price is unknown. */
  cost_usd: number | null;
}

/** A tool of a server or a description, as it was when a run first called it. */
export interface CalledTool {
  /** `<name of the configured tool>/<name there>`: the origin of a name in the run. */
  from: string;
  /** Missing if it was too long to keep. */
  definition?: { description: string; parameters: Record<string, unknown> };
}

export interface ToolFinishedEntry extends Entry {
  type: 'tool_finished';
  call: string;
  duration_ms: number;
  result?: unknown;
  error?: string;
  /** The next characters of a result that was cut, for a model that reads on. */
  rest?: string;
  /** The call failed in a way that leaves open whether it took effect, and must not be repeated blindly. */
  outcome_unknown?: true;
  /** Only of a call of an agent. */
  spent?: ChildSpent;
}

/** An attempt ended without a result. */
export interface AttemptFailedEntry extends Entry {
  type: 'attempt_failed';
  code: string;
  message: string;
  provider?: ProviderAnswer;
}

/** What requests leave out from here on, so that they stay within a model's window. */
export interface ContextEntry extends Entry {
  type: 'context';
  /** The `provider:model` that needed it. */
  model: string;
  /** Tool results in messages before this one are shown with at most so many characters. */
  cut?: { before: number; keep: number };
  /** Replaces the turns in messages before this one. */
  summary?: { before: number; text: string };
  /** What the summary cost. */
  spent?: TokenCounts & { estimated?: true; cost_usd: number | null };
  /** How long a request to this model may be, in estimated tokens. A refusal has shown it. */
  most_tokens?: number;
}

/** A note about the attempt for people. The model does not see it. */
export interface NoteEntry extends Entry {
  type: 'note';
  text: string;
}

/** A call waits for a person or another system before it is made. */
export interface AskedEntry extends Entry {
  type: 'asked';
  call: string;
  /** The call's name in URLs. */
  call_id: string;
  kind: AskKind;
  /** The tool's name. */
  name: string;
  /** As the model gave them, checked. */
  arguments: unknown;
  question?: string;
  /** JSON Schema of the arguments, or of the answer to a question. Missing if it was too long to keep. */
  schema?: Record<string, unknown>;
  /** As in `tool_started`. */
  tool?: CalledTool;
  /** Until when someone can decide, in ms since the epoch. */
  expires_ms: number;
  approvers: string[];
  /** The notify channels that are told. Missing if none is. */
  notify?: string[];
  on_timeout: 'deny' | 'fail';
  on_deny: 'tell' | 'fail';
}

/**
 * How an ask ended. The only entry that the task's run does not write itself: a decision comes while nobody,
 * or anybody, runs the task.
 */
export interface DecidedEntry extends Entry {
  type: 'decided';
  call: string;
  decision: Decision | 'expire';
  by: DecidedBy;
  reason?: string;
  arguments?: Record<string, unknown>;
  answer?: unknown;
}

export type LogEntry =
  | ContextEntry
  | NoteEntry
  | PromptEntry
  | TurnEntry
  | ToolStartedEntry
  | ToolFinishedEntry
  | AttemptFailedEntry
  | AskedEntry
  | DecidedEntry;

/** The journal of one task, as a run sees it. */
export interface StepLog {
  /** The entries when this attempt began. */
  entries: readonly LogEntry[];
  /**
   * Appends all entries or none. They are durable when the promise resolves. Rejects once another worker owns
   * the task; the run must then end.
   */
  append(...entries: LogEntry[]): Promise<void>;
}
