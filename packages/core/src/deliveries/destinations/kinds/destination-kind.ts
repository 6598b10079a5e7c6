import type {
  BuildDestinationRequest,
  DeliveryAttempt,
  DestinationOf,
  DestinationType,
} from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import type { Context } from '../../../context.js';
import type { About } from '../../../queue/job.js';
import type { EndFacts } from '../end-facts.js';
import type { Sent } from '../sent.js';

/** What sending needs of its process. */
export interface SendDeps {
  egress: Egress;
  /** Builds the request of an `http` destination. */
  buildRequest: BuildDestinationRequest;
  /** Timeout of one request including its answer, in ms. */
  timeoutMs: number;
}

/** The end of a task that goes to one destination. */
export interface Sending extends SendDeps {
  ctx: Context;
  /** The id of the delivery, the same in each attempt. */
  id: string;
  agentId: string;
  /** When the delivery was created, in ms. */
  createdMs: number;
  /** How many messages of it were accepted before: one for each round that a resend followed. */
  accepted: number;
  /** The attempts before this one, oldest first. */
  attempts: DeliveryAttempt[];
  about: About;
  facts: EndFacts;
  /** In plain text. */
  secrets: Record<string, string>;
  /** Renders a template, without a result if it says where something goes. Throws Unsendable. */
  fill(what: string, source: string, of: 'address' | 'content'): Promise<string>;
  signal: AbortSignal;
}

/** A type of destination. */
export interface DestinationKind<T extends DestinationType> {
  /** Whether it asks the receiver first if an earlier attempt may have arrived. */
  looksFirst?: boolean;
  /** Where it goes, as far as that is known before a template is rendered. */
  receiver(config: DestinationOf<T>): string;
  /**
   * Makes one attempt. Throws Unsendable if nothing can be sent, NotYet and CannotTell if it cannot be sent
   * now, and if the signal aborts.
   */
  send(config: DestinationOf<T>, sending: Sending): Promise<Sent>;
}
