import type {
  AgentConfig,
  AgentResponse,
  Budget,
  BurstConfig,
  ConversationConfig,
  MaskSet,
  PublicView,
  SignatureConfig,
} from '@agenthook/contracts';
import type { StoredRetention } from '../queue/job.js';

/**
 * The fields of an agent's hash. Versions store what a run needs. The hash stores what changes without an
 * edit, and what every trigger reads.
 */
export const AGENT = {
  /** The number of the current version. */
  version: 'version',
  /** The current configuration with its times, as JSON: a CurrentVersion. */
  current: 'current',
  /** What lists show of the agent, as JSON: a StoredSummary. */
  summary: 'summary',
  /** An AgentGate, as JSON. */
  gate: 'gate',
  tokenHash: 'token_hash',
  tokenHint: 'token_hint',
  tokenCreatedMs: 'token_created_ms',
  lastUsedMs: 'last_used_ms',
  /** The token before the last rotation, while it is still valid. */
  previousHash: 'previous_hash',
  previousExpiresMs: 'previous_expires_ms',
  /** When the agent's whole rate is available again, in ms. */
  rateFreeAt: 'rate_free_at',
  callbackUrl: 'callback_url',
  /** StoredSecret[] as JSON. Callback secrets are rotated independently of edits. */
  callbackSecrets: 'callback_secrets',
  /** A CallbackDisabled, as JSON. Present only while the callback is disabled. */
  callbackDisabled: 'callback_disabled',
  /** How many deliveries in a row have failed for good. Absent if none has. */
  callbackFailures: 'callback_failures',
  /** How long its ended tasks are kept, in days. Absent if the installation decides alone. */
  retentionDays: 'retention_days',
  /** When the last task that counts for alerts ended, in ms. */
  lastEndMs: 'last_end_ms',
  /** Counter that numbers the agent's notes. */
  notesWritten: 'notes_written',
  /** Total size of the documents' texts, in bytes. */
  documentBytes: 'document_bytes',
} as const;

/** An agent's hash as Redis returns it. */
export type AgentHash = Partial<Record<(typeof AGENT)[keyof typeof AGENT], string>>;

/** The part of an agent that intake reads. It is small, so a long prompt does not slow down a trigger. */
export interface AgentGate extends PublicView {
  status: AgentConfig['status'];
  version: number;
  max_attempts: number;
  max_pending: number;
  /** Present only if the agent has a rate; the look-up script reads it inside Redis. */
  rate_per_minute?: number;
  /**
   * Present only if the agent has an input schema, so that others do not pay for it. The version holds the
   * schema.
   */
  has_input_schema?: true;
  /** Present only if set: the filter, and the authors whose events do not run. */
  filter?: string;
  ignore_senders?: readonly string[];
  /** Present only if set, and then only the limits that are. Scripts read it inside Redis. */
  budget?: Partial<Budget>;
  /** Present only if set, and then only what differs from the default. */
  retention?: StoredRetention;
  /** Present only if set. */
  masks?: MaskSet;
  /** Present only if set. `key` is absent if all runs count together. */
  breaker?: { key?: string; max_per_minute: number };
  /** Present only if set. */
  burst?: BurstConfig;
  /** Present only if set. The version has its max_tokens. */
  conversation?: Omit<ConversationConfig, 'max_tokens'>;
  allow_get?: true;
  /** How senders are answered, if not by default. */
  response?: AgentResponse;
  allow_empty_body?: true;
  /** Present only if set. Lists read it here. */
  title_path?: string;
  /** How to verify a request; the secrets are encrypted. */
  signature?: SignatureConfig;
}
