import type {
  AgentConfig,
  AgentResponse,
  BudgetRefusal,
  ErrorCode,
  FilterReason,
  ProblemIssue,
} from '@agenthook/contracts';
import type { AgentGate } from '../agents/agent-hash.js';
import type { RedisClock } from '../redis/clock.js';
import type { RequestHeaders, SenderAnswer } from '../senders/scheme.js';
import type { Rate } from './rate.js';

/** An event as its sender posted it. */
export interface InboundRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  /** The query string as sent, without "?"; empty if there is none. */
  query: string;
  /** The bytes of the body, as sent. */
  body: Buffer;
  /** Names in lower case. */
  headers: RequestHeaders;
  /** The sender's address, if known. */
  address?: string;
  /**
   * The URL before the path by which senders reach the api, if it is configured or a trusted proxy says it.
   */
  publicUrl?: string | undefined;
}

/**
 * The bytes that carry the event, which signatures and hashes cover: the body, or the query string of a GET.
 */
export const eventBytes = ({ method, query, body }: InboundRequest): Buffer =>
  // Node reads URLs as Latin-1: one character is one byte.
  method === 'GET' ? Buffer.from(query, 'latin1') : body;

/** A used-up budget: whose it is, its limit, and when that ends in ms. */
export type UsedUp = Pick<BudgetRefusal, 'scope' | 'limit' | 'until_ms'>;

/** The agent that a request is for, as a look-up just found it. */
export interface Addressee {
  agentId: string;
  gate: AgentGate;
  /** A draft that a test runs instead of the gate's version, with encrypted secrets. */
  draft?: AgentConfig;
  redisNow: RedisClock;
  /** Set if a budget is used up and refuses new tasks. */
  usedUp?: UsedUp;
  /** Set if the agent has a rate and the look-up counted this request against it. */
  rate?: Rate;
}

/** Why a request created no task. */
export interface Refusal {
  code: ErrorCode;
  detail: string;
  issues?: ProblemIssue[];
  /** The total number of issues; `issues` contains the first ones. */
  issuesTotal?: number;
  /** When a retry makes sense, in seconds. */
  retryAfterSeconds?: number;
  /** What the sender is answered all the same. */
  answer?: SenderAnswer;
}

/** Why an event is not for its agent, with its author if that is why. */
export interface Filtered {
  reason: FilterReason;
  sender?: string;
}

/** How the sender of a stored event is answered, if not by default. */
interface Answered {
  /** What the sender wants to be answered. */
  answer?: SenderAnswer;
  /** What the agent's `response` says, which comes first. */
  response?: AgentResponse & { agent_id: string };
}

/**
 * The expected outcomes of a request. An unavailable Redis is not among them: it throws. `answer` is what the
 * sender wants to be answered instead of the default.
 */
export type ReceiveOutcome =
  | ({ outcome: 'accepted'; task_id: string } & Answered)
  /** A retry. `task_id` is the task of the first request with this idempotency key. */
  | ({ outcome: 'duplicate'; task_id: string } & Answered)
  /** The sender tests the URL and expects this answer. Nothing is stored. */
  | { outcome: 'handshake'; agent_id: string; answer: SenderAnswer }
  /** The event is not for the agent. Nothing is stored. */
  | ({ outcome: 'filtered'; agent_id: string; answer?: SenderAnswer } & Filtered)
  /** The method carries no event, and the sender does not test the URL with it. */
  | { outcome: 'method_not_allowed' }
  /** `scheme` is that of the agent's signature. */
  | ({ outcome: 'rejected'; agent_id: string; scheme?: string } & Refusal);
