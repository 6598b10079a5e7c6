import { type Static, Type } from '@sinclair/typebox';
import { ROLES } from './api-key.js';
import { ID_PATTERNS } from './ids.js';
import { Notified } from './notified.js';
import { RefTo, StringEnum, Time } from './shapes.js';
import { Cursor } from './text.js';
import { ASK_KINDS } from './waiting-for.js';

/** How long a task waits for a decision, in seconds, unless its tool says otherwise, and at most. */
export const DECISION_SECONDS = 86_400;
export const MAX_DECISION_SECONDS = 30 * 86_400;
/** How long a reason may be, in characters. */
export const MAX_REASON_CHARACTERS = 2_000;
/** The longest expression of `approval.when`, in characters. */
export const MAX_WHEN_CHARACTERS = 4_000;

/** When a call needs a person's approval. */
export const Approval = Type.Union(
  [
    Type.Literal('never'),
    Type.Literal('always'),
    Type.Object(
      { when: Type.String({ minLength: 1, maxLength: MAX_WHEN_CHARACTERS }) },
      { additionalProperties: false },
    ),
  ],
  {
    description:
      'Whether a person must approve a call before it is made. `{"when": "…"}`: a CEL expression over `args` ' +
      'and `payload`; approval is needed unless it is false, also if it has no value. Default: `never`.',
  },
);
export type Approval = Static<typeof Approval>;

/** Who may decide: a role, which includes the stronger ones, or the id of an API key. */
const Approver = Type.Union([
  ...ROLES.map((role) => Type.Literal(role)),
  Type.String({ pattern: ID_PATTERNS.api_key }),
]);

/** The fields of a tool that say when its calls wait for a person, for whom, and how long. */
export const approvalFields = {
  approval: Type.Optional(Approval),
  approvers: Type.Optional(
    Type.Array(Approver, {
      minItems: 1,
      maxItems: 50,
      description:
        'Who may decide: roles, each with the stronger ones, and ids of API keys. Default: `["operator"]`.',
    }),
  ),
  notify: Type.Optional(
    Notified("The notify channels that are told when a call waits. Default: the agent's `notify`."),
  ),
  expires_in_seconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_DECISION_SECONDS,
      description: `How long a call waits for a decision. Default: ${DECISION_SECONDS}.`,
    }),
  ),
  on_timeout: Type.Optional(
    StringEnum(['deny', 'fail'] as const, {
      description:
        'What happens if nobody decides in time. `deny`: the call is not made, and the model is told. `fail`: ' +
        'the task ends with `approval_expired`. Default: `deny`.',
    }),
  ),
  on_deny: Type.Optional(
    StringEnum(['tell', 'fail'] as const, {
      description:
        'What happens if a person denies a call. `tell`: the model is told the reason and goes on. `fail`: the ' +
        'task ends with `approval_denied`. Default: `tell`.',
    }),
  ),
};

/** How an ask can end; `expire` is no one's decision. */
export const DECISIONS = ['approve', 'deny', 'edit', 'answer'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Who decided: the key, or null for the holder of a link who had not signed in. */
export const DecidedBy = Type.Union([
  Type.Object({ name: Type.String(), key_id: Type.Union([Type.String(), Type.Null()]) }),
  Type.Null(),
]);
export type DecidedBy = Static<typeof DecidedBy>;

/** What a person decided about a call, in a trace. */
export const CallApproval = Type.Object({
  call_id: Type.String(),
  kind: StringEnum(ASK_KINDS),
  question: Type.Optional(Type.String()),
  asked_at: Time(),
  expires_at: Time(),
  asked_arguments: Type.Unknown({ description: 'The arguments that the model gave.' }),
  decision: Type.Union([StringEnum([...DECISIONS, 'expire'] as const), Type.Null()], {
    description: 'null while nobody has decided. `expire`: nobody decided in time.',
  }),
  decided_at: Type.Union([Time(), Type.Null()]),
  decided_by: DecidedBy,
  reason: Type.Optional(Type.String()),
  arguments: Type.Optional(Type.Unknown({ description: 'The arguments as the person edited them.' })),
  answer: Type.Optional(Type.Unknown()),
});
export type CallApproval = Static<typeof CallApproval>;

/** The same for a key that may not see payloads. */
export const WithheldApproval = Type.Pick(CallApproval, [
  'call_id',
  'kind',
  'asked_at',
  'expires_at',
  'decision',
  'decided_at',
]);
export type WithheldApproval = Static<typeof WithheldApproval>;

/** Something that a task waits for. */
export const PendingApproval = Type.Object(
  {
    task_id: Type.String(),
    call_id: Type.String({ description: 'Identifies the call within its task.' }),
    agent_id: Type.String(),
    kind: StringEnum(ASK_KINDS),
    tool: Type.String(),
    arguments: Type.Unknown(),
    question: Type.Optional(Type.String()),
    asked_at: Time(),
    expires_at: Time(),
    approvers: Type.Array(Type.String()),
    may_decide: Type.Boolean({ description: 'Whether the caller is one of the approvers.' }),
    url: Type.String({
      description:
        'For an approver, a signed one-time link: a page on which to decide, without a key. For a callback, the ' +
        'URL that the other system posts to. For other callers, the run in the Studio.',
    }),
  },
  { $id: 'PendingApproval' },
);
export type PendingApproval = Static<typeof PendingApproval>;

/** `PendingApproval` without content. */
export const WithheldPending = Type.Object(
  {
    ...Type.Omit(PendingApproval, ['arguments', 'question']).properties,
    redacted: Type.Literal(true),
  },
  { $id: 'WithheldPending' },
);
export type WithheldPending = Static<typeof WithheldPending>;

export const ApprovalListQuery = Type.Object({
  status: StringEnum(['pending'] as const, { default: 'pending' }),
  agent_id: Type.Optional(
    Type.String({
      description: 'Only those of this agent. A page may then have fewer than `limit`, also none.',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
  cursor: Type.Optional(Cursor()),
});
export type ApprovalListQuery = Static<typeof ApprovalListQuery>;

export const ApprovalList = Type.Object(
  {
    approvals: Type.Array(
      Type.Union([RefTo<PendingApproval>('PendingApproval'), RefTo<WithheldPending>('WithheldPending')]),
    ),
    next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null: the last page.' }),
  },
  { $id: 'ApprovalList' },
);
export type ApprovalList = Static<typeof ApprovalList>;

/** Body of POST /api/tasks/{task_id}/approvals/{call_id}. */
export const DecisionBody = Type.Object(
  {
    decision: StringEnum(DECISIONS, {
      description:
        '`approve`: the call is made. `deny`: it is not, and the model is told the `reason`. `edit`: it is made ' +
        'with these `arguments`. `answer`: the `answer` to a question.',
    }),
    arguments: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
    ),
    reason: Type.Optional(Type.String({ maxLength: MAX_REASON_CHARACTERS })),
    answer: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);
export type DecisionBody = Static<typeof DecisionBody>;

/** What was decided, once. */
export const DecisionMade = Type.Object(
  {
    task_id: Type.String(),
    call_id: Type.String(),
    decision: StringEnum(DECISIONS),
    decided_at: Time(),
  },
  { $id: 'DecisionMade' },
);
export type DecisionMade = Static<typeof DecisionMade>;
