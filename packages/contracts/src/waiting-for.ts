import { type Static, Type } from '@sinclair/typebox';
import { StringEnum, Time } from './shapes.js';

const RateLimit = Type.Object(
  {
    kind: Type.Literal('rate_limit'),
    provider: Type.String(),
    model: Type.String({ description: 'The name of the model at its provider.' }),
    until: Time(),
  },
  {
    description:
      'The provider asked to wait. `until` is when it may be asked again. After a few minutes, one task ' +
      'asks earlier, and may end the wait for its own.',
  },
);

/** What a task can ask people and other systems for. */
export const ASK_KINDS = ['approval', 'question', 'callback'] as const;
export type AskKind = (typeof ASK_KINDS)[number];

const Ask = Type.Object(
  {
    kind: StringEnum(ASK_KINDS),
    tool: Type.String(),
    arguments: Type.Unknown({ description: 'Those of the call.' }),
    question: Type.Optional(Type.String()),
    expires_at: Time('Until when someone can decide.'),
  },
  { description: 'A call waits for a decision, an answer or a callback. See GET /api/approvals.' },
);

/** Why a started task does not run. Each `kind` has fields of its own. */
export const WaitingFor = Type.Union([RateLimit, Ask], { description: 'What the task waits for.' });
export type WaitingFor = Static<typeof WaitingFor>;

/** The same without content. */
export const WithheldWaitingFor = Type.Union([RateLimit, Type.Omit(Ask, ['arguments', 'question'])], {
  description: 'What the task waits for.',
});
export type WithheldWaitingFor = Static<typeof WithheldWaitingFor>;
