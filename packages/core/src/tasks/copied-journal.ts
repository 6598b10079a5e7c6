import { COPIED, type LogEntry } from '@agenthook/contracts';
import type { TaskData } from '../queue/job.js';

/** The parts of a stored model answer that say whether it called tools. */
interface StoredAnswer {
  content?: { type: string }[];
}

/** The journal of a task that goes on after these entries: the prompt, and all turns that called tools. */
export function journalToContinue(log: readonly LogEntry[]): LogEntry[] {
  const turns = log.filter((entry) => entry.type === 'turn');
  // An answer that ended the run is not kept: the model answers again.
  const kept = turns.findLastIndex(({ result }) =>
    (result as StoredAnswer).content?.some(({ type }) => type === 'tool-call'),
  );
  return copied(log, kept + 1);
}

/** The journal of a task that takes step `from` again, counted from 1; undefined if there is no such step. */
export function journalBefore(log: readonly LogEntry[], from: number): LogEntry[] | undefined {
  const turns = log.filter((entry) => entry.type === 'turn').length;
  return from <= turns ? copied(log, from - 1) : undefined;
}

/**
 * Fields for the data of a task that begins with a copied journal: how many steps are copied, and whose id
 * the fences in the copied prompt contain.
 */
export function beginningOf(
  origin: { id: string; data: Pick<TaskData, 'fence_id'> },
  journal: readonly LogEntry[],
): Pick<TaskData, 'copied_steps' | 'fence_id'> {
  const hasPrompt = journal.some(({ type }) => type === 'prompt');
  return {
    copied_steps: stepsIn(journal),
    ...(hasPrompt && { fence_id: origin.data.fence_id ?? origin.id }),
  };
}

/** How many steps a journal has. */
export const stepsIn = (log: readonly LogEntry[]): number => log.filter(({ type }) => type === 'turn').length;

/**
 * The prompt, the first turns, and their calls. A call that has no end is kept, so that it is not repeated.
 */
function copied(log: readonly LogEntry[], turns: number): LogEntry[] {
  if (turns === 0) return [];
  let turn = 0;
  return log.flatMap((entry): LogEntry[] => {
    switch (entry.type) {
      case 'prompt':
        return [{ ...entry, attempt: COPIED }];
      case 'turn':
        return ++turn <= turns ? [{ ...entry, attempt: COPIED }] : [];
      case 'tool_started':
      case 'tool_finished':
        return Number.parseInt(entry.call, 10) <= turns ? [{ ...entry, attempt: COPIED }] : [];
      default:
        return [];
    }
  });
}
