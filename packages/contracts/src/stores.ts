import type { TaskTrigger } from './task-list.js';

/** What an agent keeps from task to task. The ports of its tools; core implements them on Redis. */

export interface Note {
  key: string;
  text: string;
  updated_at: string;
  /** Whose task wrote it: a sender that steers one task may have steered the note. Older notes do not say. */
  written_by?: NoteWriter;
}

/** The task that wrote a note, and what made that task. */
export interface NoteWriter {
  task_id: string;
  trigger: TaskTrigger;
}

export interface MemoryPort {
  /** All notes, newest first, some at a time: together they may have megabytes. */
  list(): AsyncIterable<Note[]>;
  /** Writes a note; one with the same key is replaced. At most `maxNotes` are kept, the oldest go first. */
  save(key: string, text: string, maxNotes: number): Promise<void>;
  /** Returns whether there was one. */
  remove(key: string): Promise<boolean>;
}

/** A passage of a document that fits a query. */
export interface Hit {
  /** The document's name. */
  document: string;
  passage: string;
  /** Higher is better; comparable within one search alone. */
  score: number;
}

/** How long a query may be; what is beyond it is not looked at. */
export const MAX_QUERY_CHARACTERS = 1_000;

/** An agent's documents. Whatever they hold, a search takes a bounded time, and its caller keeps nothing of them. */
export interface DocumentsPort {
  list(): Promise<{ name: string; characters: number }[]>;
  /** The passages that fit best, best first, `limit` of them at most. Rejects with the signal's reason. */
  search(query: string, limit: number, signal: AbortSignal): Promise<Hit[]>;
}
