import type { AgentConfig } from './agent-config.js';
import type { AgentsPort } from './agents-port.js';
import type { AttachmentsPort } from './attachment.js';
import type { BudgetPort, BudgetRefusal } from './budget.js';
import type { ConversationTurn } from './conversation.js';
import type { StepLog } from './log.js';
import type { PinsPort } from './mcp-pins.js';
import type { ProviderAnswer } from './provider-answer.js';
import type { DocumentsPort, GrantsPort, MemoryPort } from './stores.js';
import type { TaskFailure, TaskSuccess } from './task.js';
import type { Query } from './webhook.js';

/** Everything that a run receives for one attempt at a task. */
export interface AttemptInput {
  task: {
    id: string;
    attempt: number;
    created_at: string;
    /** How many ms are left of its `task_timeout_seconds`. */
    time_left_ms?: number;
    /** Whether someone with an API key sent the payload to try the agent out. */
    rehearsal: boolean;
    /** The conversation that it belongs to. */
    conversation_id?: string;
    /** The id that the tag around data is made from, if not this one: the task whose journal is continued. */
    fence_id?: string;
    /** What a person says to the model after the copied turns. */
    note?: string;
  };
  /** The agent's configuration, with secrets in plain text. */
  agent: { id: string; version: number; config: AgentConfig };
  payload: unknown;
  /** The safe subset of the request headers, with names in lower case. */
  headers: Record<string, string>;
  /** The parsed query string of a POST. */
  query: Query;
  /** The earlier turns of the task's conversation, oldest first. */
  earlier: readonly ConversationTurn[];
  attachments: AttachmentsPort;
  /** What this and earlier attempts have finished. */
  log: StepLog;
  memory: MemoryPort;
  documents: DocumentsPort;
  pins: PinsPort;
  agents: AgentsPort;
  grants: GrantsPort;
  /** Present only if a budget applies. */
  budget?: BudgetPort;
  /**
   * Aborts on shutdown, on cancel and when the lock is lost. The run then ends soon and its outcome is
   * ignored.
   */
  signal: AbortSignal;
}

/** How an attempt ended. Expected failures are values; anything thrown is a bug. */
export type AttemptOutcome =
  | { outcome: 'succeeded'; result: TaskSuccess }
  /** Calls wait for decisions: their ids. Everything else that could be done is. */
  | { outcome: 'waiting'; calls: string[] }
  /** A budget allows no further turn. `failure` is the result, if the run does not wait. */
  | { outcome: 'over_budget'; failure: TaskFailure; refusal: BudgetRefusal }
  | {
      outcome: 'failed';
      failure: TaskFailure;
      /** Whether another attempt may succeed. */
      retryable: boolean;
      /** The wait that the provider's Retry-After asked for, in ms from now. */
      retry_after_ms?: number;
      /** What the provider answered, if that ended the attempt. Without secrets. */
      provider?: ProviderAnswer;
      /** The user message, once it is rendered. */
      user?: string;
    };

/** The port through which core runs an agent without depending on a model SDK. */
export type RunAgent = (input: AttemptInput) => Promise<AttemptOutcome>;
