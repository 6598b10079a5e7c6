import { type Static, Type } from '@sinclair/typebox';
import { AgentDestination } from './agent.js';
import { GitHubDestination } from './github.js';
import { HttpDestination } from './http.js';
import { SlackDestination } from './slack.js';

export { DESTINATION_ENDS, type DestinationEnd, MAX_DESTINATIONS, MAX_RELAYS } from './common.js';
export { GITHUB_API } from './github.js';
export { SLACK_API } from './slack.js';
export type { AgentDestination, GitHubDestination, HttpDestination, SlackDestination };

/** Every type of destination with its schema. */
export const DESTINATION_SCHEMAS = {
  slack: SlackDestination,
  github: GitHubDestination,
  http: HttpDestination,
  agent: AgentDestination,
} as const;
export type DestinationType = keyof typeof DESTINATION_SCHEMAS;
export const DESTINATION_TYPES = Object.keys(DESTINATION_SCHEMAS) as DestinationType[];
export type DestinationOf<T extends DestinationType> = Static<(typeof DESTINATION_SCHEMAS)[T]>;

/** Where the end of a task goes in addition to the callback. `type` selects the schema. */
export type Destination = { [T in DestinationType]: DestinationOf<T> }[DestinationType];
export const Destination = Type.Unsafe<Destination>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: Object.values(DESTINATION_SCHEMAS),
});

/** A stored destination: its name is set. */
export const nameOf = ({ name, type }: Pick<Destination, 'name' | 'type'>): string => name ?? type;

/** Builds the request of an `http` destination. The variables of the address have no result. */
export type BuildDestinationRequest = (
  config: HttpDestination,
  variables: {
    address: Record<string, unknown>;
    content: Record<string, unknown>;
    secrets: Record<string, string>;
    agentId: string;
  },
  signal: AbortSignal,
) => Promise<
  | {
      url: string;
      method: string;
      headers: Record<string, string>;
      body?: string;
      clean: (text: string) => string;
    }
  | { problem: string }
>;
