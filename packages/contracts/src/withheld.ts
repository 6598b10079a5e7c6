import { type Static, Type } from '@sinclair/typebox';
import { WithheldApproval } from './approval.js';
import { FAILURE_CODES } from './failures.js';
import { FilteredEvent } from './filter.js';
import { Rejection } from './rejection.js';
import { RefTo, StringEnum, Time } from './shapes.js';
import { TaskState, Usage } from './task.js';
import { ChildOfCall, callProgress, TaskTrace, TraceStep } from './trace.js';
import type { WithheldWaitingFor } from './waiting-for.js';

/** Answers for an API key that may not see payloads: content is missing or null. */

const redacted = Type.Literal(true, { description: 'Content was withheld: the key may not see payloads.' });
const code = StringEnum(FAILURE_CODES, { description: 'Stable. One of the failure codes.' });

const WithheldToolCall = Type.Object({
  name: Type.String(),
  duration_ms: Type.Number(),
  failed: Type.Boolean(),
});
export type WithheldToolCall = Static<typeof WithheldToolCall>;

const result = Type.Union([
  Type.Object({
    error: Type.Optional(Type.Object({ code })),
    tool_calls: Type.Array(WithheldToolCall),
    usage: Usage,
    model: Type.Optional(Type.String()),
    steps: Type.Optional(Type.Integer()),
  }),
  Type.Null(),
]);
const withheldState = {
  ...TaskState.properties,
  result,
  last_error: Type.Union([Type.Object({ code }), Type.Null()]),
  waiting_for: Type.Union([RefTo<WithheldWaitingFor>('WithheldWaitingFor'), Type.Null()]),
  redacted,
};

/** `TaskState` without content. */
export const WithheldState = Type.Object(withheldState, { $id: 'WithheldState' });
export type WithheldState = Static<typeof WithheldState>;

const WithheldStep = Type.Object({
  ...Type.Omit(TraceStep, ['text', 'thought', 'tool_calls']).properties,
  tool_calls: Type.Array(
    Type.Object({
      ...WithheldToolCall.properties,
      ...callProgress,
      approval: Type.Optional(WithheldApproval),
      child: Type.Optional(ChildOfCall),
    }),
  ),
});

/** `TaskTrace` without content. */
export const WithheldTrace = Type.Object(
  {
    ...TaskTrace.properties,
    ...withheldState,
    payload: Type.Null(),
    events: Type.Optional(Type.Null()),
    headers: Type.Null(),
    query: Type.Null(),
    attachments: Type.Null(),
    prompt: Type.Null(),
    steps: Type.Array(WithheldStep),
    failed_attempts: Type.Array(
      Type.Object({
        attempt: Type.Integer(),
        at: Time(),
        code: Type.String(),
      }),
    ),
  },
  { $id: 'WithheldTrace' },
);
export type WithheldTrace = Static<typeof WithheldTrace>;

/** `Rejection` without content. */
export const WithheldRejection = Type.Object(
  {
    ...Type.Omit(Rejection, ['detail', 'errors', 'errors_total', 'content_type', 'headers', 'query', 'body'])
      .properties,
    redacted,
  },
  { $id: 'WithheldRejection' },
);
export type WithheldRejection = Static<typeof WithheldRejection>;

/** `FilteredEvent` without content. */
export const WithheldFilteredEvent = Type.Object(
  {
    ...Type.Omit(FilteredEvent, ['sender', 'content_type', 'headers', 'query', 'body']).properties,
    redacted,
  },
  { $id: 'WithheldFilteredEvent' },
);
export type WithheldFilteredEvent = Static<typeof WithheldFilteredEvent>;
