import {
  type AttemptFailedEntry,
  type CallApproval,
  type ChildCall,
  type ChildOfCall,
  iso,
  type LogEntry,
  type TaskTrace,
  type ToolCall,
  type TraceAttempt,
  type TraceStep,
  type TurnEntry,
  tokensOf,
} from '@agenthook/contracts';

/** The parts of a stored model answer that a trace shows. */
interface StoredAnswer {
  content?: { type: string; text?: string; toolCallId?: string; toolName?: string; input?: unknown }[];
  finishReason?: { unified?: string };
}

/**
 * The turns of a task's journal, in order, each with its complete tool calls.
 *
 * @param isOver false if the task may still make the calls of its last turn
 */
export function stepsOf(log: readonly LogEntry[], isOver = true): TraceStep[] {
  const turns = log.filter((entry) => entry.type === 'turn');
  return turns.map((turn, index) => ({
    ...turnOf(turn),
    tool_calls: callsOf(log, index + 1, turn.result as StoredAnswer, isOver || index < turns.length - 1),
  }));
}

/** What a turn of the journal shows without its tool calls. */
export function turnOf(turn: TurnEntry): Omit<TraceStep, 'tool_calls'> {
  const answer = turn.result as StoredAnswer;
  const said = (type: string) =>
    (answer.content ?? []).flatMap((part) => (part.type === type ? [part.text ?? ''] : [])).join('');
  const { at, attempt, model, latency_ms, cost_usd } = turn;
  return {
    at,
    attempt,
    model,
    latency_ms,
    ...tokensOf(turn),
    cost_usd,
    text: said('text'),
    thought: said('reasoning'),
    finish_reason: answer.finishReason?.unified ?? 'unknown',
  };
}

/** What a trace shows of an attempt without a result. */
export function failedAttempt({ type: _type, ...shown }: AttemptFailedEntry): TraceAttempt {
  return shown;
}

/** The tool calls of one turn. A call that was started again after a crash appears with its last start. */
function callsOf(
  log: readonly LogEntry[],
  turn: number,
  answer: StoredAnswer,
  isOver: boolean,
): TraceStep['tool_calls'] {
  const asked = (answer.content ?? []).filter((part) => part.type === 'tool-call');
  return asked.map(({ toolCallId, toolName = '', input }) => {
    const call = `${turn}:${toolCallId}`;
    const entries = log.filter((entry) => 'call' in entry && entry.call === call);
    const started = entries.findLast((entry) => entry.type === 'tool_started');
    const end = entries.findLast((entry) => entry.type === 'tool_finished');
    const approval = approvalOf(entries);
    return {
      name: started?.name ?? toolName,
      arguments: started?.arguments ?? approval?.asked_arguments ?? input ?? null,
      result: end?.result ?? null,
      error: end ? (end.error ?? null) : started ? 'Not finished.' : notMade(approval, isOver),
      duration_ms: end?.duration_ms ?? 0,
      started_at: started?.at ?? null,
      finished: started !== undefined && end !== undefined,
      ...(approval && { approval }),
      ...(started?.child && { child: childOf(started.child) }),
    };
  });
}

/** What is shown of the task that a call is. */
export const childOf = ({ task_id, agent_id }: ChildCall): ChildOfCall => ({ task_id, agent_id });

/**
 * Steps in which a call that was not made has the reason that the run's result gives. The journal does not
 * have it, because only the model was told. The result lists the same calls in the same order.
 */
export function withReasons(
  steps: readonly TraceStep[],
  calls: readonly Pick<ToolCall, 'name' | 'error'>[] = [],
): TraceStep[] {
  let at = 0;
  return steps.map((step) => ({
    ...step,
    tool_calls: step.tool_calls.map((call) => {
      const told = calls[at++];
      const isTold = !call.finished && told?.name === call.name && told.error !== null;
      return isTold ? { ...call, error: told.error } : call;
    }),
  }));
}

/** The notes for people: those of the run, and how its requests became shorter. Further cuts are alike. */
export function notesOf(log: readonly LogEntry[]): TaskTrace['notes'] {
  const firstCut = log.find((entry) => entry.type === 'context' && entry.cut);
  return log.flatMap((entry) => {
    const { at, attempt, type } = entry;
    if (type === 'note') return [{ attempt, at, text: entry.text }];
    if (type !== 'context' || !(entry.summary || entry === firstCut)) return [];
    const lead = `The run is longer than ${entry.model} can read at once`;
    const text = entry.summary
      ? `${lead}, so a summary replaces its earlier turns. ${entry.summary.text}`
      : `${lead}, so the model now sees the beginning of older tool results and can read on. They are whole here.`;
    return [{ attempt, at, text }];
  });
}

function notMade(approval: CallApproval | undefined, isOver: boolean): string {
  if (!approval && !isOver) return 'Not begun yet.';
  if (!approval) return 'Not made: there is no such tool, or it does not take these arguments.';
  return approval.decision === null ? 'Not made yet: it waits for a decision.' : 'Not made.';
}

/** What was asked about a call, and decided; undefined if nothing was asked. */
function approvalOf(entries: readonly LogEntry[]): CallApproval | undefined {
  const asked = entries.find((entry) => entry.type === 'asked');
  if (!asked) return undefined;
  const decided = entries.find((entry) => entry.type === 'decided');
  const { call_id, kind, question, at, expires_ms } = asked;
  return {
    call_id,
    kind,
    ...(question !== undefined && { question }),
    asked_at: at,
    expires_at: iso(expires_ms),
    asked_arguments: asked.arguments,
    decision: decided?.decision ?? null,
    decided_at: decided?.at ?? null,
    decided_by: decided?.by ?? null,
    ...(decided?.reason !== undefined && { reason: decided.reason }),
    ...(decided?.arguments !== undefined && { arguments: decided.arguments }),
    ...(decided?.answer !== undefined && { answer: decided.answer }),
  };
}
