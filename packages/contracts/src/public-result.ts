import { type Static, Type } from '@sinclair/typebox';
import type { DocsgptSuccess, ResultShape } from './result-shape.js';
import { RefTo } from './shapes.js';
import { TaskError, type TaskFailure, TaskState, type TaskSuccess } from './task.js';
import type { WaitingFor } from './waiting-for.js';

/** How much of a run is visible without an API key, from everything to least. */
export const PUBLIC_RESULTS = ['full', 'answer', 'status'] as const;
export type PublicResult = (typeof PUBLIC_RESULTS)[number];

/** The settings of an agent that decide what callers without an API key see; undefined: the default. */
export interface PublicView {
  public_result?: PublicResult | undefined;
  result_shape?: ResultShape | undefined;
}

const AnswerAlone = Type.Object({ answer: Type.String(), output: Type.Optional(Type.Unknown()) });
const ErrorAlone = Type.Object({ error: TaskError, answer: Type.Optional(Type.String()) });

/** The part of a result that `public_result: "answer"` shows. */
export type ReducedResult = Static<typeof AnswerAlone> | Static<typeof ErrorAlone>;

/** A result as shown without an API key. null if `public_result` is `status`, or until there is a result. */
export const PublicTaskResult = Type.Union(
  [
    RefTo<TaskSuccess>('TaskSuccess'),
    RefTo<TaskFailure>('TaskFailure'),
    AnswerAlone,
    ErrorAlone,
    RefTo<DocsgptSuccess>('DocsgptSuccess'),
    Type.String({ description: 'A failure, if `result_shape` is `docsgpt`: its code and message.' }),
    Type.Null(),
  ],
  {
    description: "As much of the result as the agent's `public_result` shows, in the agent's `result_shape`.",
  },
);
export type PublicTaskResult = Static<typeof PublicTaskResult>;

/** `TaskState` as shown without an API key. */
export const PublicState = Type.Object(
  {
    ...TaskState.properties,
    result: PublicTaskResult,
    waiting_for: Type.Union(
      [
        RefTo<WaitingFor>('WaitingFor'),
        Type.Object({ kind: Type.String(), expires_at: Type.Optional(Type.String()) }),
        Type.Null(),
      ],
      {
        description: 'Only its `kind`, and until when someone can decide, unless `public_result` is `full`.',
      },
    ),
  },
  { $id: 'PublicState' },
);
export type PublicState = Static<typeof PublicState>;
