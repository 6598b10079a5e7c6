import type { TaskTrigger } from './task-list.js';

/** What an agent keeps between tasks: the ports of its tools. core implements them on Redis. */

export interface Note {
  key: string;
  text: string;
  updated_at: string;
  /**
   * The task that wrote it: a sender who steers one task may have steered the note. Missing on older notes.
   */
  written_by?: NoteWriter;
}

/** The task that wrote a note, and what created that task. */
export interface NoteWriter {
  task_id: string;
  trigger: TaskTrigger;
}

export interface MemoryPort {
  /** Yields all notes, newest first, a few at a time, because they may add up to megabytes. */
  list(): AsyncIterable<Note[]>;
  /** Writes a note and replaces one with the same key. Keeps at most `maxNotes`; the oldest are dropped. */
  save(key: string, text: string, maxNotes: number): Promise<void>;
  /** Removes a note. Returns whether it existed. */
  remove(key: string): Promise<boolean>;
}

/** What an OAuth server has granted to a tool. */
export interface StoredGrant {
  access_token: string;
  /** How long it may still be used, in ms. */
  left_ms: number;
  /** The refresh token for the next one. */
  refresh_token: string;
}

/** One use of a refresh token. */
export interface Renewal {
  /**
   * Notes that the server is about to be asked. Returns when an earlier request began whose answer nobody has
   * stored, in ms since 1970: its worker died, or the answer was lost.
   */
  begin(): Promise<number | undefined>;
  /** Notes that the server has answered, and has replaced nothing. */
  refused(): Promise<void>;
}

/**
 * The grants of an agent's tools that have a refresh token. Servers replace refresh tokens and accept each
 * one once, so all workers use the latest.
 */
export interface GrantsPort {
  /**
   * Calls `refresh` with the stored grant while no other worker does, and stores what it returns, unless that
   * is the stored grant itself. Returns undefined if others have held the turn for too long.
   *
   * @param key a hash of what the grant belongs to
   */
  renew(
    key: string,
    refresh: (stored: StoredGrant | undefined, renewal: Renewal) => Promise<StoredGrant>,
  ): Promise<StoredGrant | undefined>;
}

/** A passage of a document that matches a query. */
export interface Hit {
  /** The document's name. */
  document: string;
  passage: string;
  /** Higher is better. Comparable only within one search. */
  score: number;
}

/** Maximum length of a query; the rest is ignored. */
export const MAX_QUERY_CHARACTERS = 1_000;

/**
 * An agent's documents. A search takes a bounded time whatever the documents contain, and the caller does not
 * hold them in memory.
 */
export interface DocumentsPort {
  list(): Promise<{ name: string; characters: number }[]>;
  /** Returns at most `limit` passages, best match first. Rejects with the signal's reason. */
  search(query: string, limit: number, signal: AbortSignal): Promise<Hit[]>;
}
