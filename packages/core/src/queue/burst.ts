import { createHash } from 'node:crypto';
import { type BurstConfig, MAX_BURST_BYTES, MAX_FILES, MAX_FILES_BYTES } from '@agenthook/contracts';

/** The fields of the hash of an open window. The hash expires when the window ends. */
export const BURST = {
  /** The task of its events. */
  task: 'task',
  /** The agent version that the task runs. */
  version: 'version',
  /** When it ends at the latest, ms since the epoch. */
  lastDue: 'last_due_ms',
  items: 'items',
  bytes: 'bytes',
  /** How many files its run gets, and their bytes. */
  files: 'files',
  fileBytes: 'file_bytes',
} as const;

/** Followed by the name of an idempotency key: the field of a job with the hash of that event's body. */
export const EVENT_BODY = 'body:';
/** What follows an event's id in the name of the key that says which task it joined. */
export const JOINED = ':joined';
/**
 * What follows a task's id in the name of the list of its events. BullMQ removes it together with the job.
 */
export const EVENTS = ':processed';

/** What is stored of an event before its data, as one line of JSON. Its id comes first. */
export interface BurstMeta {
  /** The id that the event's own task would have had. */
  id: string;
  /** When it came, ms since the epoch. */
  at: number;
  /** The idempotency key to show. */
  key?: string | undefined;
  /** The name of its idempotency key in Redis, and the hash of the key to show. */
  once?: string | undefined;
  keyHash?: string | undefined;
}

/** The line of a stored event that says what it is. */
export const metaOf = (event: string): BurstMeta =>
  JSON.parse(event.slice(0, event.indexOf('\n'))) as BurstMeta;

/** How an event takes part in a burst. */
export interface BurstEntry {
  /** Names the burst within its agent. */
  id: string;
  windowMs: number;
  maxWaitMs: number;
  maxItems: number;
  maxBytes: number;
  /** How many files the run gets at most, and their bytes together. */
  maxFiles: number;
  maxFileBytes: number;
  /** Whether the run gets all events. */
  keepsAll: boolean;
}

/**
 * How an event with a rendered key takes part in a burst. Test events, and events of another conversation,
 * have bursts of their own.
 */
export function burstEntry(
  burst: BurstConfig,
  key: string,
  { isTest, conversation }: { isTest: boolean; conversation: string | undefined },
): BurstEntry {
  const parts = [isTest ? 'test' : '', conversation ?? '', key];
  return {
    id: createHash('sha256').update(parts.join('\n')).digest('base64url'),
    windowMs: Math.round(burst.window_seconds * 1000),
    maxWaitMs: Math.round(burst.max_wait_seconds * 1000),
    maxItems: burst.max_items,
    maxBytes: MAX_BURST_BYTES[burst.keep],
    maxFiles: MAX_FILES,
    maxFileBytes: MAX_FILES_BYTES,
    keepsAll: burst.keep === 'all',
  };
}
