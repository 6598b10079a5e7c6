import {
  type CallApproval,
  type Conversation,
  type ConversationDetail,
  type FilteredEvent,
  type PendingApproval,
  type Rejection,
  type TaskEvent,
  type TaskState,
  type TaskSummary,
  type TaskTrace,
  type ToolCall,
  type TraceStep,
  tokensOf,
  type WaitingFor,
  type WithheldApproval,
  type WithheldEvent,
  type WithheldFilteredEvent,
  type WithheldPending,
  type WithheldRejection,
  type WithheldState,
  type WithheldToolCall,
  type WithheldTrace,
  type WithheldWaitingFor,
} from '@agenthook/contracts';

const callWithoutContent = ({ name, duration_ms, error }: ToolCall): WithheldToolCall => ({
  name,
  duration_ms,
  failed: error !== null,
});

/**
 * A task's state for an API key that may not see payloads: status, times, tokens and codes, without input,
 * output, or any text about them. It lists the fields that are kept, so that a new field is not exposed by
 * accident.
 */
export function stateWithoutContent(state: TaskState): WithheldState {
  const { result, last_error } = state;
  return {
    task_id: state.task_id,
    status: state.status,
    result: result && {
      ...('error' in result
        ? { error: { code: result.error.code } }
        : { model: result.model, steps: result.steps }),
      tool_calls: result.tool_calls.map(callWithoutContent),
      usage: result.usage,
    },
    created_at: state.created_at,
    started_at: state.started_at,
    finished_at: state.finished_at,
    attempt: state.attempt,
    max_attempts: state.max_attempts,
    next_attempt_at: state.next_attempt_at,
    conversation_id: state.conversation_id,
    last_error: last_error && { code: last_error.code },
    waiting_for: state.waiting_for && waitWithoutContent(state.waiting_for),
    redacted: true,
  };
}

function waitWithoutContent(waiting: WaitingFor): WithheldWaitingFor {
  if (!('arguments' in waiting)) return waiting;
  const { kind, text, tool, expires_at } = waiting;
  return { kind, text, tool, expires_at };
}

const turnWithoutContent = (turn: Omit<TraceStep, 'tool_calls'>) => ({
  at: turn.at,
  attempt: turn.attempt,
  model: turn.model,
  latency_ms: turn.latency_ms,
  ...tokensOf(turn),
  cost_usd: turn.cost_usd,
  finish_reason: turn.finish_reason,
});

const approvalWithoutContent = (approval: CallApproval): WithheldApproval => ({
  call_id: approval.call_id,
  kind: approval.kind,
  asked_at: approval.asked_at,
  expires_at: approval.expires_at,
  decision: approval.decision,
  decided_at: approval.decided_at,
});

/** A pending approval for an API key that may not see payloads. See stateWithoutContent. */
export const pendingWithoutContent = (pending: PendingApproval): WithheldPending => ({
  task_id: pending.task_id,
  call_id: pending.call_id,
  agent_id: pending.agent_id,
  kind: pending.kind,
  tool: pending.tool,
  asked_at: pending.asked_at,
  expires_at: pending.expires_at,
  approvers: pending.approvers,
  may_decide: pending.may_decide,
  url: pending.url,
  redacted: true,
});

/** A task's trace for an API key that may not see payloads. See stateWithoutContent. */
export function traceWithoutContent(trace: TaskTrace): WithheldTrace {
  return {
    ...stateWithoutContent(trace),
    agent_id: trace.agent_id,
    agent_version: trace.agent_version,
    ...(trace.draft && { draft: true }),
    ...(trace.archived && { archived: true }),
    trigger: trace.trigger,
    via: trace.via,
    sender: trace.sender,
    ...(trace.schedule && { schedule: trace.schedule }),
    ...(trace.parent && { parent: trace.parent }),
    ...(trace.relayed_from && { relayed_from: trace.relayed_from }),
    // Senders may put anything into it.
    idempotency_key: null,
    ...(trace.filter_error !== undefined && { filter_error: '' }),
    ...(trace.conversation_error !== undefined && { conversation_error: '' }),
    ...(trace.burst_error !== undefined && { burst_error: '' }),
    payload: null,
    ...(trace.events && { events: null }),
    headers: null,
    query: null,
    attachments: null,
    replay_of: trace.replay_of,
    replays: trace.replays,
    ...(trace.continued_from !== undefined && { continued_from: trace.continued_from }),
    continued_by: trace.continued_by,
    ...(trace.replayed_from !== undefined && { replayed_from: trace.replayed_from }),
    ...(trace.from_step !== undefined && { from_step: trace.from_step }),
    prompt: null,
    steps: trace.steps.map((step) => ({
      ...turnWithoutContent(step),
      tool_calls: step.tool_calls.map((call) => ({
        ...callWithoutContent(call),
        started_at: call.started_at,
        finished: call.finished,
        ...(call.approval && { approval: approvalWithoutContent(call.approval) }),
        ...(call.child && { child: { task_id: call.child.task_id, agent_id: call.child.agent_id } }),
      })),
    })),
    // Notes are about the agent's tools, not about what a sender sent.
    notes: trace.notes,
    failed_attempts: trace.failed_attempts.map(({ attempt, at, code }) => ({ attempt, at, code })),
    ...(trace.log_truncated && { log_truncated: true }),
  };
}

/**
 * An event of a task for an API key that may not see payloads; empty for an event that is only content. See
 * stateWithoutContent.
 */
export function eventWithoutContent({ id, event, data }: TaskEvent): WithheldEvent[] {
  switch (event) {
    case 'text':
      return [];
    case 'status': {
      const { result: _result, ...state } = stateWithoutContent({ ...data, result: null });
      return [{ id, event, data: state }];
    }
    case 'step': {
      return [{ id, event, data: { step: data.step, ...turnWithoutContent(data) } }];
    }
    case 'tool_call': {
      const { at, attempt, step, call, name, child } = data;
      return [{ id, event, data: { at, attempt, step, call, name, ...(child && { child }) } }];
    }
    case 'tool_result': {
      const { at, attempt, step, call, duration_ms, error } = data;
      return [{ id, event, data: { at, attempt, step, call, duration_ms, failed: error !== null } }];
    }
    case 'attempt_failed': {
      const { at, attempt, code } = data;
      return [{ id, event, data: { at, attempt, code } }];
    }
    case 'finished':
      return [{ id, event, data: stateWithoutContent(data) }];
  }
}

/** A rejection for an API key that may not see payloads. See stateWithoutContent. */
export function rejectionWithoutContent(rejection: Rejection): WithheldRejection {
  return {
    id: rejection.id,
    at: rejection.at,
    code: rejection.code,
    status: rejection.status,
    method: rejection.method,
    body_bytes: rejection.body_bytes,
    truncated: rejection.truncated,
    accepted: rejection.accepted,
    redacted: true,
  };
}

/** A conversation for an API key that may not see payloads: without its key and its turns. */
export const conversationWithoutContent = (conversation: Conversation): Conversation => ({
  id: conversation.id,
  agent_id: conversation.agent_id,
  key: null,
  is_test: conversation.is_test,
  events: conversation.events,
  open_tasks: conversation.open_tasks,
  created_at: conversation.created_at,
  updated_at: conversation.updated_at,
  expires_at: conversation.expires_at,
});

/** A conversation with its tasks. See conversationWithoutContent. */
export const conversationDetailWithoutContent = (conversation: ConversationDetail): ConversationDetail => ({
  ...conversationWithoutContent(conversation),
  turns: null,
  tasks: conversation.tasks.map(summaryWithoutContent),
});

/** A filtered event for an API key that may not see payloads. See stateWithoutContent. */
export function filteredWithoutContent(event: FilteredEvent): WithheldFilteredEvent {
  return {
    id: event.id,
    at: event.at,
    reason: event.reason,
    method: event.method,
    body_bytes: event.body_bytes,
    truncated: event.truncated,
    accepted: event.accepted,
    redacted: true,
  };
}

/**
 * A line of the task list for an API key that may not see payloads. The only content is the idempotency key,
 * which came in a header, and the error of a filter, which may quote the payload.
 */
export const summaryWithoutContent = ({
  title: _title,
  payload_snippet: _payload,
  answer_snippet: _answer,
  ...summary
}: TaskSummary): TaskSummary & { redacted: true } => ({
  ...summary,
  idempotency_key: null,
  ...(summary.filter_error !== undefined && { filter_error: '' }),
  ...(summary.conversation_error !== undefined && { conversation_error: '' }),
  ...(summary.burst_error !== undefined && { burst_error: '' }),
  redacted: true,
});
