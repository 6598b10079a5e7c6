import type { AgentConfig, PublicResult, SignatureConfig } from '@agenthook/contracts';

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
