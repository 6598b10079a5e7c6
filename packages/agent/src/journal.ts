import type {
  AskedEntry,
  ContextEntry,
  DecidedEntry,
  LogEntry,
  PromptEntry,
  StepLog,
  ToolFinishedEntry,
  ToolStartedEntry,
  TurnEntry,
} from '@agenthook/contracts';
import { type ContextState, WHOLE, withEntry } from './context/context-state.js';

type Unstamped<T> = T extends LogEntry ? Omit<T, 'at' | 'attempt'> : never;

/**
 * A task's journal for one run. A run always starts from the beginning: it takes turns and tool calls from
 * the journal while there are any. Then it makes new ones and records each before the next begins.
 */
export interface Journal {
  prompt: PromptEntry | undefined;
  /** Finished turns, including those of this attempt. */
  turns: TurnEntry[];
  /** How many turns this attempt has taken, replayed or new. */
  taken: number;
  started: Map<string, ToolStartedEntry>;
  finished: Map<string, ToolFinishedEntry>;
  /** Calls that waited, or wait, for a decision, and the decisions. */
  asked: Map<string, AskedEntry>;
  decided: Map<string, DecidedEntry>;
  /** Writes a note for people, once across all attempts. */
  note(text: string): Promise<void>;
  /** Characters of JSON in its turns and results. */
  characters: number;
  /** What requests leave out, now and at the last turn. */
  context: ContextState;
  contextAtTurn: ContextState;
  /** What summaries of earlier turns cost. */
  summaries: NonNullable<ContextEntry['spent']>[];
  /** Appends all entries or none. Resolves when they are durable. */
  append(...entries: Unstamped<LogEntry>[]): Promise<void>;
}

/** The journal key of a call in the latest turn. Providers may reuse an id in another turn. */
export function toolCallKey({ taken }: Journal, toolCallId: string): string {
  return `${taken}:${toolCallId}`;
}

/** The number of the turn that made a call, from its journal key. */
export const turnOfCall = (call: string): number => Number.parseInt(call, 10);

/** Loads a task's log into a journal for an attempt. */
export function openJournal(log: StepLog, attempt: number, now: () => Date): Journal {
  const noted = new Set(log.entries.flatMap((entry) => (entry.type === 'note' ? [entry.text] : [])));
  const journal: Journal = {
    prompt: undefined,
    turns: [],
    taken: 0,
    started: new Map(),
    finished: new Map(),
    asked: new Map(),
    decided: new Map(),
    note: async (text) => {
      if (!noted.has(text)) await journal.append({ type: 'note', text });
      noted.add(text);
    },
    characters: 0,
    context: WHOLE,
    contextAtTurn: WHOLE,
    summaries: [],
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
      journal.contextAtTurn = journal.context;
      return;
    case 'context':
      journal.context = withEntry(journal.context, entry);
      if (entry.spent) journal.summaries.push(entry.spent);
      return;
    case 'tool_started':
      journal.started.set(entry.call, entry);
      return;
    case 'tool_finished':
      journal.finished.set(entry.call, entry);
      journal.characters += lengthOf(entry.result) + (entry.rest?.length ?? 0);
      return;
    case 'asked':
      journal.asked.set(entry.call, entry);
      return;
    case 'decided':
      journal.decided.set(entry.call, entry);
      return;
    case 'attempt_failed':
    case 'note':
      return;
  }
}

const lengthOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
