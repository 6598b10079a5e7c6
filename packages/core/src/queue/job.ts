import type { PublicResult, TaskTrigger } from '@agenthook/contracts';

/** The name of the only kind of job in the task queue. */
export const RUN_JOB = 'run';

/** What a job in the queue carries: enough to run without asking the webhook again. */
export interface TaskData {
  agent_id: string;
  agent_version: number;
  payload: unknown;
  /** The safe subset of the request's headers, names in lower case. */
  headers: Record<string, string>;
  /** The task that this one repeats. */
  replay_of?: string;
  /**
   * Someone with an API key wrote the payload, to try the agent out. A replay keeps it. A sender's payload never gets it,
   * whoever replays or accepts it.
   */
  rehearsal?: true;
}

/** What a job tells of itself in few bytes: a listing reads this and never the payload. */
export interface About {
  agent: string;
  version: number;
  trigger: TaskTrigger;
  /** The idempotency key that it came with. */
  key?: string;
  replay_of?: string;
  /** What is shown of it without an API key, where that is not all. */
  public_result?: PublicResult;
  /** The size of what it carries, as JSON. */
  bytes?: number;
}

/** The field of a job's hash that holds BullMQ's options, as JSON, and the two options in it that are ours. */
export const OPTIONS_FIELD = 'opts';
export const ABOUT = 'about';
/** The hash of the body that came with the idempotency key. */
export const BODY_HASH = 'bodyHash';

/**
 * The fields that we add to a job's hash, each beside BullMQ's own.
 *
 * When the first attempt started, in ms. BullMQ's `processedOn` is the last start, and is set before it is decided whether
 * the task may run.
 */
export const FIRST_STARTED_FIELD = 'firstStartedOn';
/** When cancelling was requested, in ms, while a worker ran the task. */
export const CANCELLED_FIELD = 'cancelledOn';
/** Set once a retry was given this task: it may no longer be withdrawn. */
export const ACKNOWLEDGED_FIELD = 'acknowledged';
/** How often the process that ran the task alone died. */
export const DEATHS_FIELD = 'deathsAlone';
/** What a list shows of the task's end: an EndSummary as JSON. */
export const SUMMARY_FIELD = 'summary';
/** The latest tasks that repeat this one: their ids, each of 36 characters, separated by commas. */
export const REPLAYS_FIELD = 'replays';

/** Events that we add to BullMQ's stream of a task queue. BullMQ's own `active` precedes the decision whether a task runs. */
export const STARTED_EVENT = 'started';
/** A task's log has grown. */
export const LOGGED_EVENT = 'logged';
/** How many events the stream keeps. Finished events carry results; a longer stream would store every result twice. */
export const EVENT_STREAM_LENGTH = 1_000;

/** The field of an entry in a task's log that holds the entry, as JSON. */
export const LOG_ENTRY_FIELD = 'e';

/** The part of a job's stored options that we read. */
export interface StoredOptions {
  [ABOUT]?: About;
  attempts?: number;
}

/** Reads a job's stored options; none of one that is not there. */
export const storedOptions = (options: string | null | undefined): StoredOptions =>
  options ? (JSON.parse(options) as StoredOptions) : {};

/** What the task is about; undefined for a job of before there was such a thing. */
export const aboutOf = (options: string | null | undefined): About | undefined =>
  storedOptions(options)[ABOUT];

/** What a job carries, in bytes of JSON; 0 for one of before that was told. */
export const payloadBytes = ({ opts }: { opts: object }): number =>
  (opts as StoredOptions)[ABOUT]?.bytes ?? 0;
