import { type Static, Type } from '@sinclair/typebox';
import { Time } from './shapes.js';

/** Why a started task does not run. Each `kind` has fields of its own. */
export const WaitingFor = Type.Union(
  [
    Type.Object(
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
    ),
  ],
  { description: 'What the task waits for.' },
);
export type WaitingFor = Static<typeof WaitingFor>;
