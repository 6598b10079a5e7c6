import { type Static, Type } from '@sinclair/typebox';
import { AgentLimits } from './agent-limits.js';
import { Line, Prose } from './text.js';

/** Longest note to a model, in characters. */
export const MAX_CONTINUE_NOTE = 4_000;

/** The limits of one run. The others are those of its agent. */
export const RunLimits = Type.Partial(
  Type.Omit(AgentLimits, ['rate_per_minute', 'max_concurrency', 'max_pending']),
  { additionalProperties: false },
);
export type RunLimits = Static<typeof RunLimits>;

/** Body of POST /api/tasks/{id}/continue. */
export const ContinueBody = Type.Object(
  {
    limits: Type.Optional(
      Type.Unsafe<RunLimits>({
        ...RunLimits,
        description: 'Replace those of the agent. They count only what the new task does itself.',
      }),
    ),
    model: Type.Optional(
      Line({ minLength: 1, maxLength: 200, description: '`provider:model`. Replaces that of the agent.' }),
    ),
    note: Type.Optional(
      Prose({
        maxLength: MAX_CONTINUE_NOTE,
        description: 'Told to the model after the steps that are finished, as a message of yours.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ContinueBody = Static<typeof ContinueBody>;
