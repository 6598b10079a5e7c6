import type { BuildDestinationRequest, DestinationOf, DestinationType } from '@agenthook/contracts';
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
  /** Where it goes, as far as that is known before a template is rendered. */
  receiver(config: DestinationOf<T>): string;
  /** Makes one attempt. Throws Unsendable if nothing can be sent, and if the signal aborts. */
  send(config: DestinationOf<T>, sending: Sending): Promise<Sent>;
}
