import { callState, type FailedAttempt, isCopied, type Step, type ToolCall, type Trace } from './trace.js';

type RowKind = 'queue' | 'attempt' | 'model' | 'tool' | 'child' | 'wait' | 'other';

/** One line of the waterfall. Times are in ms since the epoch. */
export interface Row {
  /** Stays the same while the run goes on. */
  id: string;
  kind: RowKind;
  label: string;
  from: number;
  /** The same as `from` for a moment. */
  to: number;
  /** The part of the run's timeline that has its details. */
  item?: string;
  isNested?: boolean;
  /** Another run, which the line links to. */
  run?: string;
  /** It belongs to that run, and not to this one. */
  isOfChild?: boolean;
  hasFailed?: boolean;
}

/** A shorter gap is the worker's own work and not worth a line, in ms. */
const GAP_MS = 50;

/**
 * What a run did and when: its time in the queue, its attempts, each turn and call, and what it waited for.
 * Whatever has not ended lasts until `now`.
 */
export function waterfallRows(trace: Trace, now: number): Row[] {
  const created = Date.parse(trace.created_at);
  const isOver = trace.finished_at !== null;
  const end = isOver ? Date.parse(trace.finished_at ?? '') : Math.max(now, created);
  // The api and the worker may have slightly different clocks.
  const started = trace.started_at === null ? end : Math.max(Date.parse(trace.started_at), created);
  const rows: Row[] = [{ id: 'queue', kind: 'queue', label: 'In the queue', from: created, to: started }];
  if (trace.started_at === null) return rows;

  let at = started;
  let attempt = 1;
  const gap = (to: number, label: string, kind: RowKind = 'other') => {
    if (to - at > GAP_MS) rows.push({ id: `gap-${rows.length}`, kind, label, from: at, to });
    at = Math.max(at, to);
  };
  const failed = [...trace.failed_attempts];
  const marks = new Map<number, number>();
  const fail = ({ attempt: number, at: time, code }: FailedAttempt) => {
    gap(Date.parse(time), 'Until it failed');
    // An attempt that lost its worker may fail again under the same number.
    const before = marks.get(number) ?? 0;
    marks.set(number, before + 1);
    const item = `attempt-${number}${before > 0 ? `-${before + 1}` : ''}`;
    const mark = { id: item, item, kind: 'attempt', from: at, to: at, hasFailed: true } as const;
    rows.push({ ...mark, label: `Attempt ${number} failed: ${code}` });
  };
  /** Marks the attempts that ended before this one began; an end that nobody noted was that of a worker. */
  const enter = (next: number) => {
    for (; attempt < next; attempt++) {
      const isNoted = failed[0] !== undefined && failed[0].attempt <= attempt;
      for (let [end_] = failed; end_ && end_.attempt <= attempt; [end_] = failed) {
        fail(end_);
        failed.shift();
      }
      if (isNoted) continue;
      const label = `Attempt ${attempt} ended with its worker; restarted`;
      rows.push({ id: `lost-${attempt}`, kind: 'attempt', label, from: at, to: at, hasFailed: true });
    }
  };
  trace.steps.forEach((step, index) => {
    if (isCopied(step)) return;
    const isNew = step.attempt > attempt;
    enter(step.attempt);
    const done = Date.parse(step.at);
    const from = Math.min(Math.max(done - step.latency_ms, started), done);
    gap(from, isNew ? 'Waits for the next attempt' : 'Between', isNew ? 'wait' : 'other');
    rows.push(turnOf(step, index + 1, from, done));
    at = Math.max(at, done);
    const calls = step.tool_calls.flatMap((call, n) => callRows(call, trace, `${index + 1}-${n + 1}`, end));
    rows.push(...calls);
    for (const { to } of calls) at = Math.max(at, to);
  });
  for (const each of failed) fail(each);
  if (isOver) gap(end, 'Until the end');
  else gap(end, waitOf(trace), trace.next_attempt_at || trace.waiting_for ? 'wait' : 'model');
  return rows;
}

/** Rows with those of the runs that they link to, as far as these have been read. */
export function withChildren(rows: readonly Row[], children: ReadonlyMap<string, Trace>, now: number): Row[] {
  return rows.flatMap((row) => {
    const child = row.run === undefined ? undefined : children.get(row.run);
    if (!child) return [row];
    const own = waterfallRows(child, now).filter(
      ({ kind, from, to }) => kind !== 'queue' || to - from > GAP_MS,
    );
    const inside = own.map(({ item: _item, ...each }) => ({
      run: child.task_id,
      ...each,
      id: `${row.id}/${each.id}`,
      isOfChild: true,
    }));
    return [row, ...inside];
  });
}

const turnOf = ({ model }: Step, number: number, from: number, to: number): Row => ({
  id: `step-${number}`,
  kind: 'model',
  label: `Step ${number}: ${model}`,
  from,
  to,
  item: `step-${number}`,
});

/** A call, and before it the time in which it waited for a decision. */
function callRows(call: ToolCall, trace: Trace, id: string, end: number): Row[] {
  const { name, approval, started_at, finished, duration_ms } = call;
  const rows: Row[] = [];
  if (approval) {
    const from = Date.parse(approval.asked_at);
    const to = approval.decided_at === null ? end : Date.parse(approval.decided_at);
    const label =
      approval.decision === null ? `${name} waits for a decision` : `${name}: ${approval.decision}`;
    rows.push({ id: `wait-${id}`, kind: 'wait', label, from, to, item: `tool-${id}`, isNested: true });
  }
  if (started_at === null) return rows;
  const from = Date.parse(started_at);
  rows.push({
    id: `tool-${id}`,
    kind: call.child ? 'child' : 'tool',
    ...(call.child && { run: call.child.task_id }),
    label: name,
    from,
    to: finished ? from + duration_ms : Math.max(end, from),
    item: `tool-${id}`,
    isNested: true,
    hasFailed: callState(call, trace) === 'failed',
  });
  return rows;
}

function waitOf({ waiting_for, next_attempt_at }: Trace): string {
  if (waiting_for) return 'Waits';
  return next_attempt_at ? 'Waits for the next attempt' : 'In progress';
}
