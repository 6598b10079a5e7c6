import { type Static, Type } from '@sinclair/typebox';
import { TaskError, type TaskFailure, TaskState, type TaskSuccess } from './task.js';

/** What is shown of a run without an API key, from all to least. */
export const PUBLIC_RESULTS = ['full', 'answer', 'status'] as const;
export type PublicResult = (typeof PUBLIC_RESULTS)[number];

const AnswerAlone = Type.Object({ answer: Type.String(), output: Type.Optional(Type.Unknown()) });
const ErrorAlone = Type.Object({ error: TaskError, answer: Type.Optional(Type.String()) });

/** What `public_result: "answer"` leaves of a result. */
export type ReducedResult =
  | Static<typeof AnswerAlone>
  | (Omit<Static<typeof ErrorAlone>, 'error'> & { error: TaskError });

/** A result as it is shown without an API key; null where `public_result` is `status`, or while there is none. */
export const PublicTaskResult = Type.Union(
  [Type.Ref('TaskSuccess'), Type.Ref('TaskFailure'), AnswerAlone, ErrorAlone, Type.Null()],
  { description: "As much as the agent's `public_result` shows." },
);
export type PublicTaskResult = TaskSuccess | TaskFailure | ReducedResult | null;

/** `TaskState` as it is shown without an API key. */
export const PublicState = Type.Object(
  { ...TaskState.properties, result: PublicTaskResult },
  { $id: 'PublicState' },
);
export type PublicState = Omit<TaskState, 'result'> & { result: PublicTaskResult };
