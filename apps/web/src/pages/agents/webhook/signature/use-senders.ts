import { api } from '../../../../api/client.js';
import type { components } from '../../../../api/generated/schema.js';
import type { Agent } from '../../editor/draft/draft.js';

export type Sender = components['schemas']['SenderInfo'];
export type Signature = NonNullable<Agent['signature']>;
export type Scheme = Signature['scheme'];

/** Every sender that an agent can name; undefined while they load. They change only with a new version. */
export function useSenders(): Sender[] | undefined {
  return api.useQuery('get', '/api/senders', {}, { staleTime: Number.POSITIVE_INFINITY }).data?.senders;
}
