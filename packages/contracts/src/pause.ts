import { type Static, Type } from '@sinclair/typebox';
import { AgentId } from './ids.js';
import { OrNull, StringEnum, Time } from './shapes.js';
import { Line } from './text.js';
import { PAUSE_SCOPES } from './waiting-for.js';

/** How many providers and models may be paused. */
export const MAX_PAUSED_MODELS = 100;

const target = {
  scope: StringEnum(PAUSE_SCOPES, {
    description: '`installation`: every agent. `agent` and `provider` need the field of their name.',
  }),
  agent_id: Type.Optional(AgentId('The agent, for `agent`.')),
  provider: Type.Optional(
    Line({
      minLength: 1,
      maxLength: 200,
      description:
        'For `provider`: a provider, such as `openai`, or one of its models, such as `openai:gpt-5-mini`.',
    }),
  ),
};

/** What to resume. */
export const ResumeInput = Type.Object(target, { $id: 'ResumeInput', additionalProperties: false });
export type ResumeInput = Static<typeof ResumeInput>;

const note = Line({ maxLength: 200, description: 'Why, for people.' });

export const PauseInput = Type.Object(
  { ...target, note: Type.Optional(note) },
  { $id: 'PauseInput', additionalProperties: false },
);
export type PauseInput = Static<typeof PauseInput>;

/** A pause by a person. Events are stored meanwhile, and run when it ends. */
export const Pause = Type.Object(
  {
    ...target,
    since: Time(),
    by: OrNull(Type.String(), 'The name of the API key.'),
    note: OrNull(Type.String(), 'Why, for people.'),
  },
  { $id: 'Pause' },
);
export type Pause = Static<typeof Pause>;

export const PauseList = Type.Object(
  {
    pauses: Type.Array(Type.Ref('Pause'), {
      description: 'Those of the installation and of providers first.',
    }),
  },
  { $id: 'PauseList' },
);
export interface PauseList {
  pauses: Pause[];
}

/** The note of a pause of one agent. */
export const AgentPauseBody = Type.Object({ note: Type.Optional(note) }, { additionalProperties: false });
export type AgentPauseBody = Static<typeof AgentPauseBody>;
