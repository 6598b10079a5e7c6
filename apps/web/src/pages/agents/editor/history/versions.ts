import { api, type Schema } from '../../../../api/client.js';
import { type Agent, isSame } from '../draft/draft.js';

export type Version = Schema<'AgentVersion'>;
/** A version as it is listed: what it says is read when it is looked at. */
export type VersionSummary = Schema<'AgentVersionSummary'>;

/** As many as the api lists at once; it keeps hardly more. */
const LISTED = 100;

/** The versions of an agent, newest first. */
export const useVersions = (agentId: string) =>
  api.useQuery('get', '/api/agents/{id}/versions', {
    params: { path: { id: agentId }, query: { limit: LISTED } },
  });

/** What one version says; nothing is read where there is none to read. */
export const useVersion = (agentId: string, version: number | undefined) =>
  api.useQuery(
    'get',
    '/api/agents/{id}/versions/{version}',
    { params: { path: { id: agentId, version: version ?? 0 } } },
    { enabled: version !== undefined, staleTime: Number.POSITIVE_INFINITY },
  );

/** Not what a version says, but which it is. */
const OWN_FIELDS = ['version', 'created_at', 'saved_by'];

/** What two versions say differently, by field. */
export const changesBetween = (before: Version, after: Version): (keyof Agent & keyof Version)[] =>
  (Object.keys(after) as (keyof Agent & keyof Version)[]).filter(
    (field) => !OWN_FIELDS.includes(field) && !isSame(before[field], after[field]),
  );
