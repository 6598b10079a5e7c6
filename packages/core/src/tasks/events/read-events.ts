import type {
  LogEntry,
  PublicEvent,
  PublicView,
  TaskEvent,
  TaskState,
  WithheldEvent,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { eventAsPublic } from '../../access/public-result.js';
import { eventWithoutContent } from '../../access/without-content.js';
import { readArchived } from '../../archive/read-archived.js';
import type { Context } from '../../context.js';
import type { JournalRow } from '../../queue/job.js';
import { shardOf } from '../../queue/task-id.js';
import { keys } from '../../redis/keys.js';
import { archivedRow, stateOf, unpackRow } from '../status.js';
import { childOf, failedAttempt, turnOf } from '../steps.js';
import { shown } from '../trace.js';
import { type EventCursor, formatCursor } from './event-cursor.js';
import { readEventsScript } from './read-events.script.js';

type Untold<Event> = Event extends TaskEvent ? Omit<Event, 'id'> : never;

/** How much of a journal one read returns at most; at least one entry of any size. */
const PAGE_ENTRIES = 20;
const PAGE_BYTES = 65_536;

/**
 * Who reads the events. `public`: anyone with the task's id, who sees its state and the model's text as the
 * agent's `public_result` allows. `all`: an API key. `withheld`: an API key that may not see payloads.
 */
export type Audience = 'public' | 'all' | 'withheld';

/** Some events of a task, in order; empty if nothing has happened since. */
export interface EventPage {
  events: readonly (TaskEvent | PublicEvent | WithheldEvent)[];
  /** Where the next page begins. */
  next: EventCursor;
  /** Whether the next page exists already. */
  more: boolean;
  /** Whether this page contains the end, so that no page follows. */
  ended: boolean;
}

/**
 * The events of a task after `from`; undefined for an unknown or expired id. One round trip.
 *
 * Sends the current state only: a state that came and went between two reads is skipped. Journal entries are
 * never skipped.
 */
export async function readEvents(
  ctx: Context,
  taskId: string,
  from: EventCursor,
  audience: Audience,
): Promise<EventPage | undefined> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) return undefined;
  const [stored, starts, streamed, cut] = await readEventsScript(
    ctx.redis,
    {
      job: keys.job(shard, taskId),
      delayed: keys.delayedJobs(shard),
      log: keys.taskLog(shard, taskId),
    },
    {
      id: taskId,
      from: from.textOnly ? from.entry : `(${from.entry}`,
      limit: PAGE_ENTRIES,
      mostBytes: PAGE_BYTES,
    },
  );
  const archived = stored[0] ? undefined : await readArchived(ctx, taskId);
  const { row, texts } = await unpackRow(ctx, archived ? archivedRow(archived) : stored);
  const read = await stateOf(ctx, taskId, row);
  if (!read) return undefined;
  const { state: task, view } = read;
  const log = texts?.log ?? archived?.log;
  const { entries, more } = log ? pageOf(log, from) : { entries: streamed, more: cut === 1 };
  const full = audience !== 'public';

  let next = from;
  const events: TaskEvent[] = [];
  const tell = (event: Untold<TaskEvent>) => {
    events.push({ id: formatCursor(next), ...event } as TaskEvent);
  };
  const tellState = () => {
    const state = stateNumber(task, Number(starts ?? 0));
    if (state <= next.state) return;
    next = { ...next, state };
    const { result: _result, ...data } = task;
    tell({ event: 'status', data });
  };
  const { finished_at } = task;
  const waits = isWaiting(task);

  if (finished_at === null && !waits) tellState();
  for (const [id, json] of entries) {
    const entry = parseJson(await ctx.seal.read(json)) as LogEntry;
    const textTold = next.textOnly && next.entry === id;
    if (entry.type !== 'turn') {
      next = { ...next, entry: id, textOnly: false };
      const event = full ? eventOf(entry) : undefined;
      if (event) tell(event);
      continue;
    }
    const turn = turnOf(entry);
    const step = next.turns + 1;
    const done = { ...next, entry: id, textOnly: false, turns: step };
    if (turn.text !== '' && !textTold) {
      next = full ? { ...next, entry: id, textOnly: true } : done;
      tell({ event: 'text', data: { at: turn.at, attempt: turn.attempt, step, text: turn.text } });
    }
    next = done;
    if (full) tell({ event: 'step', data: { step, ...turn } });
  }
  // A failed attempt, and an ask, are in the journal before their task waits.
  if (finished_at === null && waits && !more) tellState();
  if (finished_at !== null && !more && next.state !== Number.POSITIVE_INFINITY) {
    next = { ...next, state: Number.POSITIVE_INFINITY };
    tell({ event: 'finished', data: task });
  }
  return {
    events: eventsFor(audience, events, view),
    next,
    more,
    ended: next.state === Number.POSITIVE_INFINITY,
  };
}

/** The same page of a journal that is no stream any more. */
function pageOf(log: readonly JournalRow[], { entry, textOnly }: EventCursor) {
  const first = log.findIndex(([id]) => compareIds(id, entry) >= (textOnly ? 0 : 1));
  const rest = first === -1 ? [] : log.slice(first, first + PAGE_ENTRIES);
  let bytes = 0;
  const end = rest.findIndex(([, json], n) => {
    bytes += json.length;
    return n > 0 && bytes > PAGE_BYTES;
  });
  const entries = end === -1 ? rest : rest.slice(0, end);
  return { entries, more: entries.length > 0 && entries.at(-1) !== log.at(-1) };
}

/** Ids of a stream are a time and a number. */
function compareIds(a: string, b: string): number {
  const [msA = 0, nA = 0] = a.split('-').map(Number);
  const [msB = 0, nB = 0] = b.split('-').map(Number);
  return msA - msB || nA - nB;
}

function eventsFor(audience: Audience, events: TaskEvent[], view: PublicView): EventPage['events'] {
  switch (audience) {
    case 'all':
      return events;
    case 'withheld':
      return events.flatMap(eventWithoutContent);
    case 'public':
      return events.flatMap((event) => eventAsPublic(event, view));
  }
}

const isWaiting = ({ status, next_attempt_at, waiting_for }: TaskState): boolean =>
  status === 'STARTED' && (next_attempt_at !== null || waiting_for !== null);

/** Grows with each start of a run and with each wait. `starts` is BullMQ's count. */
const stateNumber = (task: TaskState, starts: number): number => 1 + 2 * starts + (isWaiting(task) ? 1 : 0);

function eventOf(entry: Exclude<LogEntry, { type: 'turn' }>): Untold<TaskEvent> | undefined {
  const { at, attempt } = entry;
  switch (entry.type) {
    case 'prompt':
    case 'note':
    case 'context':
    case 'asked':
    case 'decided':
      return undefined;
    case 'tool_started': {
      const { call, name, child } = entry;
      const about = { at, attempt, step: stepOf(call), call, name, arguments: entry.arguments };
      const data = { ...about, ...(child && { child: childOf(child) }) };
      return { event: 'tool_call', data };
    }
    case 'tool_finished': {
      const { call, duration_ms, result = null, error = null } = entry;
      const data = { at, attempt, step: stepOf(call), call, error, duration_ms, ...shown(result) };
      return { event: 'tool_result', data };
    }
    case 'attempt_failed':
      return { event: 'attempt_failed', data: failedAttempt(entry) };
  }
}

/** A call's name is `<number of the turn>:<the provider's id>`. */
const stepOf = (call: string): number => Number.parseInt(call, 10);
