import { type Static, Type } from '@sinclair/typebox';
import { AgentConfig, MAX_AGENT_BYTES, MAX_TAG_CHARACTERS, MAX_TAGS } from './agent-config.js';
import type { AgentProblem } from './agent-problem.js';
import { CallbackInfo } from './callback.js';
import type { AgentPause } from './filter.js';
import { RefTo, SavedBy, StringEnum, Time } from './shapes.js';
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

/** The fields of an agent that lists can give without reading its configuration. */
export const AGENT_SUMMARY_FIELDS = [
  'id',
  'name',
  'description',
  'status',
  'tags',
  'model',
  'version',
  'saved_by',
  'created_at',
  'updated_at',
  'paused',
  'problem',
] as const satisfies (keyof Agent)[];
export type AgentSummary = Pick<Agent, (typeof AGENT_SUMMARY_FIELDS)[number]>;

export const AGENT_SORTS = ['newest', 'oldest', 'name', 'updated'] as const;
export type AgentSort = (typeof AGENT_SORTS)[number];

/** How many agents one request may name. */
export const MAX_NAMED_AGENTS = 100;

export const AgentListQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2_000, description: 'The `next_cursor` of the previous page.' }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Only agents whose name, description, model, tags or id contain each of these words.',
    }),
  ),
  tag: Type.Optional(
    Type.Array(Type.String({ maxLength: MAX_TAG_CHARACTERS }), {
      maxItems: MAX_TAGS,
      description: 'Only agents with this tag. Repeat the parameter for more than one.',
    }),
  ),
  status: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('disabled')])),
  id: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: MAX_NAMED_AGENTS,
      description: 'Only these agents. Repeat the parameter for more than one.',
    }),
  ),
  sort: StringEnum(AGENT_SORTS, { default: 'newest', description: '`updated`: the last saved first.' }),
  fields: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description:
        'Only these fields of each agent, with commas between them, for example `id,name,tags`. ' +
        '`summary` stands for all that need no configuration: ' +
        `${AGENT_SUMMARY_FIELDS.map((name) => `\`${name}\``).join(', ')}.`,
    }),
  ),
});
export type AgentListQuery = Static<typeof AgentListQuery>;
