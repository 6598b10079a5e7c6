import type { PayloadKind } from '@agenthook/bounded';
import type { ErrorCode, ProblemIssue } from '@agenthook/contracts';
import type { AgentGate } from '../agents/agent-hash.js';
import type { RedisClock } from '../redis/clock.js';
import type { Rate } from './rate.js';

/** An event as a sender posted it. */
export interface InboundRequest {
  /** The raw bytes of the body, or of the query string: signatures and hashes are over these. */
  body: Buffer;
  /** `query` is a GET. */
  contentType: PayloadKind;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** The address it came from, if known. */
  address?: string;
}

/** The agent that a request is for, as a look-up a moment ago found it. */
export interface Addressee {
  agentId: string;
  gate: AgentGate;
  redisNow: RedisClock;
  /** Set if the agent has a rate and the look-up took one from it for this request. */
  rate?: Rate;
}

/** Why a request made no task. */
export interface Refusal {
  code: ErrorCode;
  detail: string;
  issues?: ProblemIssue[];
  /** How many issues were found; `issues` has the first of them. */
  issuesTotal?: number;
  /** When trying again makes sense, in seconds. */
  retryAfterSeconds?: number;
}

/** All that can be expected to come of a request. An unavailable Redis is not expected: it throws. */
export type ReceiveOutcome =
  | { outcome: 'accepted'; task_id: string }
  /** A retry: the task of the first request with this idempotency key. */
  | { outcome: 'duplicate'; task_id: string }
  /** The sender tried the URL out, and expects this answer. Nothing is stored. */
  | { outcome: 'handshake'; agent_id: string; answer: Record<string, string> }
  | ({ outcome: 'rejected'; agent_id: string } & Refusal);
