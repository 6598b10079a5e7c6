import { type Static, Type } from '@sinclair/typebox';
import { AgentConfig } from './agent-config.js';
import type { AgentProblem } from './agent-problem.js';
import { RefTo, SavedBy, Time } from './shapes.js';

/**
 * How many versions of an agent are kept, and their total size. Versions that open tasks use are kept in
 * addition.
 */
export const MAX_VERSIONS = 100;
export const MAX_VERSION_BYTES = 32 * 1024 * 1024;

export const AgentVersion = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: Time('When the version was saved.'),
    saved_by: SavedBy,
    ...AgentConfig.properties,
    problem: Type.Optional(RefTo<AgentProblem>('AgentProblem')),
  },
  { $id: 'AgentVersion' },
);
export type AgentVersion = Static<typeof AgentVersion>;

/** A version as lists show it. Its configuration is read by number. */
export const AgentVersionSummary = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    created_at: Time('When the version was saved.'),
    saved_by: SavedBy,
    bytes: Type.Integer({ description: 'Size of the stored configuration.' }),
    changed: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description:
        'The fields that this version changed; empty if the save changed nothing. null for the first ' +
        'version and for versions that predate this record.',
    }),
  },
  { $id: 'AgentVersionSummary' },
);
export type AgentVersionSummary = Static<typeof AgentVersionSummary>;

export const AgentVersionList = Type.Object({
  versions: Type.Array(Type.Ref('AgentVersionSummary')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});
