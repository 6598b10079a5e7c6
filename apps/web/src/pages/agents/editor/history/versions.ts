import { api, type Schema } from '../../../../api/client.js';
import { type Agent, isSame } from '../draft/draft.js';

export type Version = Schema<'AgentVersion'>;

/** All versions of an agent, newest first. */
export const useVersions = (agentId: string) =>
  api.useQuery('get', '/api/agents/{id}/versions', { params: { path: { id: agentId } } });

/** Not what a version says, but which it is. */
const OWN_FIELDS = ['version', 'created_at', 'saved_by'];

/** What two versions say differently, by field. */
export const changesBetween = (before: Version, after: Version): (keyof Agent & keyof Version)[] =>
  (Object.keys(after) as (keyof Agent & keyof Version)[]).filter(
    (field) => !OWN_FIELDS.includes(field) && !isSame(before[field], after[field]),
  );
