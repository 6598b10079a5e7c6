import type { PublicResult, TaskTrigger } from '@agenthook/contracts';

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

/** The option of a job under which that stands, and the field of its hash that BullMQ keeps all options in. */
export const ABOUT = 'about';
export const OPTIONS_FIELD = 'opts';

/** What a list reads of a job's stored options. */
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
