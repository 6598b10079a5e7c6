import { type Static, Type } from '@sinclair/typebox';

/** What is wrong with a stored agent, or with one of its versions. */
export const AgentProblem = Type.Object(
  {
    detail: Type.String({ description: 'What is wrong, and what to do.' }),
    blocks_runs: Type.Boolean({
      description: 'Whether tasks end FAILURE `agent_unavailable` instead of running with a guess.',
    }),
    errors: Type.Array(
      Type.Object({
        path: Type.String({ description: 'JSON Pointer to the stored field.' }),
        message: Type.String(),
      }),
    ),
  },
  {
    $id: 'AgentProblem',
    description:
      'A stored agent that this version cannot read completely, for example after a rollback. The fields that ' +
      '`errors` names show defaults. Save them again with PATCH or PUT.',
  },
);
export type AgentProblem = Static<typeof AgentProblem>;
