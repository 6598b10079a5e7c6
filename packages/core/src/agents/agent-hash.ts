import type { AgentConfig, PublicResult, SignatureConfig } from '@agenthook/contracts';

/**
 * The fields of an agent's hash. What a run needs stands in its versions; here stands what changes without an edit, or
 * what every trigger reads.
 */
export const AGENT = {
  /** The number of the current version. */
  version: 'version',
  /** The current configuration with its times, as JSON: a CurrentVersion. */
  current: 'current',
  /** An AgentGate as JSON. */
  gate: 'gate',
  tokenHash: 'token_hash',
  tokenHint: 'token_hint',
  tokenCreatedMs: 'token_created_ms',
  lastUsedMs: 'last_used_ms',
  /** The token before the last rotation, while it still works. */
  previousHash: 'previous_hash',
  previousExpiresMs: 'previous_expires_ms',
  /** When the agent's whole minute of rate is free again, in ms. */
  rateFreeAt: 'rate_free_at',
  callbackUrl: 'callback_url',
  /** StoredSecret[] as JSON. Callback secrets are rotated by the clock, not by an edit. */
  callbackSecrets: 'callback_secrets',
  /** A CallbackDisabled as JSON; only while the callback is disabled. */
  callbackDisabled: 'callback_disabled',
  /** How many deliveries in a row have failed for good; only after the first. */
  callbackFailures: 'callback_failures',
  /** Numbers the agent's notes. */
  notesWritten: 'notes_written',
  /** How many bytes of text its documents have. */
  documentBytes: 'document_bytes',
} as const;

/** An agent's hash as Redis returns it. */
export type AgentHash = Partial<Record<(typeof AGENT)[keyof typeof AGENT], string>>;

/** The part of an agent that the trigger path reads: small, so that a long prompt costs a trigger nothing. */
export interface AgentGate {
  status: AgentConfig['status'];
  version: number;
  max_attempts: number;
  max_pending: number;
  /** Only where there is one; the look-up reads it inside Redis. */
  rate_per_minute?: number;
  /** Only where it is so: agents without one pay nothing for it. The schema itself is in the version. */
  has_input_schema?: true;
  allow_get?: true;
  public_result?: PublicResult;
  /** How to verify a request, the secrets encrypted. */
  signature?: SignatureConfig;
}
