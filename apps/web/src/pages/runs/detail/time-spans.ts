import { isCopied, type Step, type Trace } from './trace.js';

export type SpanKind = 'queue' | 'model' | 'tool' | 'other';

/** Part of a run's time. Times are in ms since the epoch. */
export interface Span {
  /** Names the span among the others, also while the run goes on. */
  id: string;
  kind: SpanKind;
  label: string;
  from: number;
  to: number;
}

/** A shorter gap between two spans is invisible, so it counts towards the second one. In ms. */
const PAUSE = 5;

/**
 * Where the time went, in order and without gaps: in the queue, with the model, in tools, and other (waiting
 * for the next attempt or a person, a failed attempt, the worker's own work). Unfinished spans last until
 * `now`.
 */
export function timeSpans(trace: Trace, now: number): Span[] {
  const created = Date.parse(trace.created_at);
  // The api and the worker may have slightly different clocks.
  const started = trace.started_at === null ? undefined : Math.max(Date.parse(trace.started_at), created);
  const end = Math.max(trace.finished_at === null ? now : Date.parse(trace.finished_at), started ?? created);
  const spans: Span[] = [
    { id: 'queue', kind: 'queue', label: 'In the queue', from: created, to: started ?? end },
  ];
  if (started === undefined) return spans;

  let at = started;
  const add = (id: string, kind: SpanKind, label: string, from: number, to: number) => {
    if (from - at > PAUSE) {
      const between = { kind: 'other', label: 'Between', from: at, to: Math.min(from, end) } as const;
      spans.push({ id: `before ${id}`, ...between });
    } else from = at;
    const start = Math.min(Math.max(from, at), end);
    at = Math.min(Math.max(to, start), end);
    spans.push({ id, kind, label, from: start, to: at });
  };
  trace.steps.forEach((step, index) => {
    if (isCopied(step)) return;
    const done = Date.parse(step.at);
    add(`step ${index + 1}`, 'model', `Step ${index + 1}: ${step.model}`, done - step.latency_ms, done);
    const tools = toolsOf(step, trace.finished_at === null ? now : done);
    if (tools) add(`tools ${index + 1}`, 'tool', tools.label, tools.from, tools.to);
  });
  if (trace.finished_at === null && !trace.next_attempt_at && !trace.waiting_for && !isInTool(trace)) {
    add('open', 'model', 'In progress', at, end);
  } else if (end - at > PAUSE) {
    spans.push({
      id: 'end',
      kind: 'other',
      label: trace.finished_at === null ? 'Waiting' : 'Ending',
      from: at,
      to: end,
    });
  }
  return spans;
}

/** The time since which a run waits, in ms since the epoch. */
export const waitsSince = (trace: Trace, now: number): number =>
  timeSpans(trace, now).at(-1)?.from ?? Date.parse(trace.created_at);

const isInTool = ({ steps }: Trace) =>
  steps.at(-1)?.tool_calls.some((call) => call.started_at !== null && !call.finished) ?? false;

/** The calls of a step as one span, because they run in parallel. */
function toolsOf({ tool_calls }: Step, unfinishedTo: number) {
  const made = tool_calls.flatMap(({ name, started_at, finished, duration_ms }) => {
    if (started_at === null) return [];
    const from = Date.parse(started_at);
    return [{ name, from, to: finished ? from + duration_ms : unfinishedTo }];
  });
  if (made.length === 0) return undefined;
  return {
    label: made.map(({ name }) => name).join(', '),
    from: Math.min(...made.map(({ from }) => from)),
    to: Math.max(...made.map(({ to }) => to)),
  };
}

/** The total of each kind, in ms. */
export function totals(spans: readonly Span[]): { kind: SpanKind; ms: number }[] {
  const kinds: SpanKind[] = ['queue', 'model', 'tool', 'other'];
  return kinds.map((kind) => ({
    kind,
    ms: spans.reduce((sum, span) => sum + (span.kind === kind ? span.to - span.from : 0), 0),
  }));
}
