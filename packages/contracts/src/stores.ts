/** What an agent keeps from task to task. The ports of its tools; core implements them on Redis. */

export interface Note {
  key: string;
  text: string;
  updated_at: string;
}

export interface MemoryPort {
  /** All notes, newest first. */
  list(): Promise<Note[]>;
  /** Writes a note; one with the same key is replaced. At most `maxNotes` are kept, the oldest go first. */
  save(key: string, text: string, maxNotes: number): Promise<void>;
  /** Returns whether there was one. */
  remove(key: string): Promise<boolean>;
}

export interface StoredDocument {
  id: string;
  name: string;
  text: string;
}

export interface DocumentsPort {
  /** Changes whenever a document is added or removed: an index made for one revision holds until then. */
  revision(): Promise<string>;
  all(): Promise<StoredDocument[]>;
}
