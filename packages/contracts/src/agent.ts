import { type Static, Type } from '@sinclair/typebox';
import { AgentConfig, MAX_AGENT_BYTES } from './agent-config.js';
import type { AgentProblem } from './agent-problem.js';
import { CallbackInfo } from './callback.js';
import type { AgentPause } from './filter.js';
import { RefTo, SavedBy, Time } from './shapes.js';
import type { AgentWarning } from './tool-check.js';

/** Upper bound for one page of agents, in bytes. A single agent always fits. */
export const MAX_AGENT_PAGE_BYTES = 2 * MAX_AGENT_BYTES;

export const WebhookInfo = Type.Object({
  token_hint: Type.String({ description: 'The last four characters of the token.' }),
  created_at: Time('When this token was created.'),
  last_used_at: Type.Union([Time(), Type.Null()], {
    description: 'When the URL was last called, accurate to ten seconds.',
  }),
  previous_expires_at: Type.Union([Time(), Type.Null()], {
    description: 'When the URL from before the last rotation stops working.',
  }),
});
export type WebhookInfo = Static<typeof WebhookInfo>;

export const Agent = Type.Object(
  {
    id: Type.String(),
    ...AgentConfig.properties,
    callback: Type.Union([CallbackInfo, Type.Null()]),
    version: Type.Integer({ minimum: 1 }),
    saved_by: SavedBy,
    created_at: Time('When the agent was created.'),
    updated_at: Time('When this version was saved.'),
    webhook: Type.Union([WebhookInfo, Type.Null()]),
    problem: Type.Optional(RefTo<AgentProblem>('AgentProblem')),
    paused: Type.Union([RefTo<AgentPause>('AgentPause'), Type.Null()], {
      description: 'null unless the agent’s `breaker`, or a person, has paused it.',
    }),
  },
  { $id: 'Agent' },
);
export type Agent = Static<typeof Agent>;

/** The answer to a save. */
export const SavedAgent = Type.Object(
  {
    ...Agent.properties,
    warnings: Type.Array(RefTo<AgentWarning>('AgentWarning'), {
      description:
        'What may not work, as a worker found it within a few seconds. Empty if nothing was found. Other ' +
        'answers do not have it.',
    }),
  },
  { $id: 'SavedAgent' },
);
export type SavedAgent = Static<typeof SavedAgent>;

export const AgentList = Type.Object({
  agents: Type.Array(Type.Ref('Agent')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});
