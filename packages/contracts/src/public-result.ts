import { type Static, Type } from '@sinclair/typebox';
import { TaskError, type TaskFailure, TaskState, type TaskSuccess } from './task.js';

/** How much of a run is visible without an API key, from everything to least. */
export const PUBLIC_RESULTS = ['full', 'answer', 'status'] as const;
export type PublicResult = (typeof PUBLIC_RESULTS)[number];

const AnswerAlone = Type.Object({ answer: Type.String(), output: Type.Optional(Type.Unknown()) });
const ErrorAlone = Type.Object({ error: TaskError, answer: Type.Optional(Type.String()) });

/** The part of a result that `public_result: "answer"` shows. */
export type ReducedResult =
  | Static<typeof AnswerAlone>
  | (Omit<Static<typeof ErrorAlone>, 'error'> & { error: TaskError });

/** A result as shown without an API key. null if `public_result` is `status`, or until there is a result. */
export const PublicTaskResult = Type.Union(
  [Type.Ref('TaskSuccess'), Type.Ref('TaskFailure'), AnswerAlone, ErrorAlone, Type.Null()],
  { description: "As much of the result as the agent's `public_result` shows." },
);
export type PublicTaskResult = TaskSuccess | TaskFailure | ReducedResult | null;

/** `TaskState` as shown without an API key. */
export const PublicState = Type.Object(
  { ...TaskState.properties, result: PublicTaskResult },
  { $id: 'PublicState' },
);
export type PublicState = Omit<TaskState, 'result'> & { result: PublicTaskResult };
