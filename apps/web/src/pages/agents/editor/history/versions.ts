import { api, type Schema } from '../../../../api/client.js';
import { type Agent, isSame } from '../draft/draft.js';

export type Version = Schema<'AgentVersion'>;
/** A version as lists show it. Its configuration is read when someone opens it. */
export type VersionSummary = Schema<'AgentVersionSummary'>;

/** The api's largest page; it keeps hardly more versions. */
const LISTED = 100;

/** The versions of an agent, newest first. */
export const useVersions = (agentId: string) =>
  api.useQuery('get', '/api/agents/{id}/versions', {
    params: { path: { id: agentId }, query: { limit: LISTED } },
  });

/** The configuration of one version. Reads nothing if `version` is undefined. */
export const useVersion = (agentId: string, version: number | undefined) =>
  api.useQuery(
    'get',
    '/api/agents/{id}/versions/{version}',
    { params: { path: { id: agentId, version: version ?? 0 } } },
    { enabled: version !== undefined, staleTime: Number.POSITIVE_INFINITY },
  );

/** These fields identify a version; they are not part of its configuration. */
const OWN_FIELDS = ['version', 'created_at', 'saved_by'];

/** The differences between two versions, by field. */
export const changesBetween = (before: Version, after: Version): (keyof Agent & keyof Version)[] =>
  (Object.keys(after) as (keyof Agent & keyof Version)[]).filter(
    (field) => !OWN_FIELDS.includes(field) && !isSame(before[field], after[field]),
  );
