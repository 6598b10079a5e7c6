import type {
  Attachment,
  BurstKeep,
  PublicView,
  Query,
  RunLimits,
  Store,
  TaskTrigger,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { unpackText } from '../redis/pack-text.js';

export { NO_SENDER } from '@agenthook/contracts';

/**
 * How long workers are told to stop a running task, in ms. A worker that is unavailable for longer has lost
 * its lock.
 */
export const TELL_MS = 60_000;

/** The only job name in the task queue. */
export const RUN_JOB = 'run';

/** What is known of a file, whether its bytes are in the blob store, and whether they are sealed. */
export type StoredAttachment = Attachment & { in_store?: true; sealed?: true };

/** The data of a job: enough to run the task without reading the webhook again. */
export interface TaskData {
  agent_id: string;
  agent_version: number;
  /** The draft that the task runs instead of its version: an AgentConfig as JSON, packed (pack-text.ts). */
  draft_json?: string;
  /** Read it with payloadOf. Missing if it is in payload_json. */
  payload?: unknown;
  /**
   * The payload as JSON, if it is large, and then compressed (pack-text.ts), or has numbers that a double
   * cannot hold: BullMQ parses a job's data with JSON.parse.
   */
  payload_json?: string;
  /**
   * The payload, headers, query and note as one sealed text (sealing/sealed-event.ts), which openEvent reads.
   */
  sealed?: string;
  /** The safe subset of the request's headers, with names in lower case. */
  headers: Record<string, string>;
  /** The parsed query string of a POST. Absent if it has none. */
  query?: Query;
  /** What is known of the files that are stored with the task when it starts. Absent if there are none. */
  files?: StoredAttachment[];
  /** The task that this one replays. */
  replay_of?: string;
  /** The task that this one continues. */
  continued_from?: string;
  /** The first step that is taken again, in a replay from a step on. */
  from_step?: number;
  /** How many steps its journal begins with. Present if it was written before the task started. */
  copied_steps?: number;
  /** The id that the fences of a copied prompt are made from. */
  fence_id?: string;
  /** What a person changed for this task alone. */
  overrides?: { limits?: RunLimits; model?: string };
  /** What a person says to the model after the copied turns. */
  note?: string;
  /**
   * A person with an API key wrote the payload to test the agent. A replay keeps the flag. A sender's payload
   * never has it, even if it is replayed or accepted.
   */
  rehearsal?: true;
  /** The event and what the task did with it were removed after its end. */
  removed?: true;
  /** The task has the events of a burst, which are in a list. This is the newest of them. */
  burst?: BurstKeep;
}

/** The payload of a task with every digit of its numbers. */
export const payloadOf = async ({ payload, payload_json }: TaskData): Promise<unknown> =>
  payload_json === undefined ? payload : parseJson(await unpackText(payload_json));

/** How long an ended task is kept, in days, and what of it, where that differs from the default. */
export interface StoredRetention {
  days?: number;
  store?: Exclude<Store, 'full'>;
}

/** A short summary of a job. Lists read this and never the payload. */
export interface About extends PublicView {
  agent: string;
  version: number;
  /** The task runs a draft, which is a change of that version. */
  draft?: true;
  trigger: TaskTrigger;
  /** The scheme of the signature that its event was checked by. */
  sender?: string;
  /** The schedule that made it, and when it was due, in ms. */
  schedule?: { id: string; due: number };
  /** The call that made it, and the agents of the tasks above it, from the first on. */
  parent?: { task: string; call: string; agents: string[] };
  /** The task whose end made it, and how many tasks made each other so far. */
  relay?: { task: string; agent: string; depth: number };
  /** The idempotency key of the request. */
  key?: string;
  replay_of?: string;
  continued_from?: string;
  from_step?: number;
  /** Why the agent's filter had no value for the event. */
  filter_error?: string;
  /** Absent if all is kept as long as the installation keeps tasks. */
  retention?: StoredRetention;
  /** The conversation that it belongs to. */
  conversation?: string;
  /** Why the key of its conversation could not be rendered. */
  conversation_error?: string;
  /** Why the key of a burst could not be rendered. */
  burst_error?: string;
  /** The size of the job's data, as JSON. */
  bytes?: number;
}

/** The field of a job's hash that holds BullMQ's options as JSON, and our two options in it. */
export const OPTIONS_FIELD = 'opts';
export const ABOUT = 'about';
/** The hash of the body that was sent with the idempotency key. */
export const BODY_HASH = 'bodyHash';

/**
 * The fields that we add to a job's hash.
 *
 * When the first attempt started, in ms. BullMQ's `processedOn` is the last start, and is set before we
 * decide whether the task may run.
 */
export const FIRST_STARTED_FIELD = 'firstStartedOn';
/** When cancelling was requested, in ms, while a worker was running the task. */
export const CANCELLED_FIELD = 'cancelledOn';
/** Present together with it if a newer event of the task's conversation takes its place. */
export const SUPERSEDED_FIELD = 'supersededOn';
/** What the task asks for (asks.lua). */
export const ASKS_FIELD = 'asks';
/** The tasks that the task has called: their ids of 36 characters, separated by spaces. */
export const CHILDREN_FIELD = 'children';
/** The ids of the deliveries to its agent's destinations, separated by spaces. */
export const DESTINATIONS_FIELD = 'sentTo';
/** The ids of the deliveries that tell what it asks for, separated by spaces. */
export const TOLD_FIELD = 'told';
/** How many decisions the journal has. They are the only entries that no run of the task has written. */
export const DECIDED_FIELD = 'decided';
/** When the task is due, in ms, if it was parked until a decision. */
export const PARKED_FIELD = 'parkedUntil';
/** Set once a retry was given this task, which can then no longer be withdrawn. */
export const ACKNOWLEDGED_FIELD = 'acknowledged';
/** The files that the task's run has fetched: a list of StoredAttachment, as JSON. */
export const ATTACHED_FIELD = 'attached';
/** How often the process that ran only this task died. */
export const DEATHS_FIELD = 'deathsAlone';
/** Why the task waits, if no key of ours says it: a WaitReason, as JSON. Removed when it runs again. */
export const WAITING_FIELD = 'waitingFor';
/** Set once the texts of the ended task were removed. */
export const EMPTIED_FIELD = 'emptied';
/** What lists show of the task's end: an EndSummary, as JSON. */
export const SUMMARY_FIELD = 'summary';
/** The latest replays of this task: their ids of 36 characters, separated by commas. */
export const REPLAYS_FIELD = 'replays';
/** The same for tasks that continue it. */
export const CONTINUED_BY_FIELD = 'continuedBy';

/**
 * Events that we add to BullMQ's stream of a task queue. BullMQ's own `active` comes before the decision
 * whether a task runs.
 */
export const STARTED_EVENT = 'started';
/** A task's journal has grown. */
export const LOGGED_EVENT = 'logged';
/** Maximum number of events in the stream. */
export const EVENT_STREAM_LENGTH = 1_000;

/** The field of a journal entry that holds the entry, as JSON. */
export const LOG_ENTRY_FIELD = 'e';
/** An entry of a journal: its id in the stream, and its JSON. */
export type JournalRow = readonly [id: string, json: string];

/** The job options that we read. */
export interface StoredOptions {
  [ABOUT]?: About;
  [BODY_HASH]?: string;
  attempts?: number;
}

/** Parses a job's stored options; empty for a missing job, or if they cannot be read. */
export function storedOptions(options: string | null | undefined): StoredOptions {
  try {
    return (JSON.parse(options || '{}') as StoredOptions | null) ?? {};
  } catch {
    return {};
  }
}

/** The summary of a task; undefined for a job that was stored before summaries existed. */
export const aboutOf = (options: string | null | undefined): About | undefined =>
  storedOptions(options)[ABOUT];

/** What created a job's task. */
export const triggerOf = ({ opts }: { opts: object }): TaskTrigger | undefined =>
  (opts as StoredOptions)[ABOUT]?.trigger;

/** The conversation that a job's task belongs to. */
export const conversationOf = ({ opts }: { opts: object }): string | undefined =>
  (opts as StoredOptions)[ABOUT]?.conversation;

/** The task that has called a job's task. */
export const parentOf = ({ opts }: { opts: object }): string | undefined =>
  (opts as StoredOptions)[ABOUT]?.parent?.task;

/** The size of a job's data, in bytes of JSON; 0 for a job that was stored before the size was. */
export const payloadBytes = ({ opts }: { opts: object }): number =>
  (opts as StoredOptions)[ABOUT]?.bytes ?? 0;
