import type {
  LogEntry,
  PromptEntry,
  StepLog,
  ToolFinishedEntry,
  ToolStartedEntry,
  TurnEntry,
} from '@agenthook/contracts';

type Unstamped<T> = T extends LogEntry ? Omit<T, 'at' | 'attempt'> : never;

/**
 * A task's log as a run works with it. A run always starts from its beginning: while its turns and tool calls stand in
 * the journal they are taken from there, and what follows is made for real and written down before the next begins.
 */
export interface Journal {
  prompt: PromptEntry | undefined;
  /** Turns that are finished, this attempt's included. */
  turns: TurnEntry[];
  /** How many turns this attempt has taken, from the journal or for real. */
  taken: number;
  started: Map<string, ToolStartedEntry>;
  finished: Map<string, ToolFinishedEntry>;
  /** Writes a note for people, once for all attempts. */
  note(text: string): Promise<void>;
  /** Characters of JSON of its turns and results. */
  characters: number;
  /** Writes entries, all or none, and resolves when they are durable. */
  append(...entries: Unstamped<LogEntry>[]): Promise<void>;
}

/** Under what a call of the turn that was taken last stands in the journal: providers may repeat an id in another turn. */
export function toolCallKey({ taken }: Journal, toolCallId: string): string {
  return `${taken}:${toolCallId}`;
}

/** Reads a task's log into a journal for an attempt. */
export function openJournal(log: StepLog, attempt: number, now: () => Date): Journal {
  const noted = new Set(log.entries.flatMap((entry) => (entry.type === 'note' ? [entry.text] : [])));
  const journal: Journal = {
    prompt: undefined,
    turns: [],
    taken: 0,
    started: new Map(),
    finished: new Map(),
    note: async (text) => {
      if (!noted.has(text)) await journal.append({ type: 'note', text });
      noted.add(text);
    },
    characters: 0,
    append: async (...entries) => {
      const at = now().toISOString();
      const stamped = entries.map((entry) => ({ ...entry, at, attempt }) as LogEntry);
      await log.append(...stamped);
      for (const entry of stamped) enter(journal, entry);
    },
  };
  for (const entry of log.entries) enter(journal, entry);
  return journal;
}

function enter(journal: Journal, entry: LogEntry): void {
  switch (entry.type) {
    case 'prompt':
      journal.prompt ??= entry;
      return;
    case 'turn':
      journal.turns.push(entry);
      journal.characters += lengthOf(entry.result);
      return;
    case 'tool_started':
      journal.started.set(entry.call, entry);
      return;
    case 'tool_finished':
      journal.finished.set(entry.call, entry);
      journal.characters += lengthOf(entry.result);
      return;
    case 'attempt_failed':
    case 'note':
      return;
  }
}

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
