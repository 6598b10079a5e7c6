import type { Destination, DestinationType } from '@agenthook/contracts';
import type { Sent } from '../sent.js';
import { agent } from './agent.js';
import type { DestinationKind, Sending } from './destination-kind.js';
import { github } from './github.js';
import { http } from './http.js';
import { slack } from './slack.js';

/** Every type of destination. */
const KINDS: { [T in DestinationType]: DestinationKind<T> } = { slack, github, http, agent };

const kindOf = ({ type }: Destination): DestinationKind<DestinationType> =>
  KINDS[type] as DestinationKind<DestinationType>;

/** Where a destination goes, as far as that is known before a template is rendered. */
export const receiverOf = (config: Destination): string => kindOf(config).receiver(config);

/** Whether a destination asks its receiver first if an earlier attempt may have arrived. */
export const looksFirst = (config: Destination): boolean => kindOf(config).looksFirst ?? false;

/** Makes one attempt to send the end of a task to a destination. Throws Unsendable, NotYet, CannotTell. */
export const sendTo = (config: Destination, sending: Sending): Promise<Sent> =>
  kindOf(config).send(config, sending);
