import type { Schema } from '../../api/client.js';

export type BulkJob = Schema<'BulkJob'>;
export type BulkInput = Schema<'BulkInput'>;
export type BulkAction = BulkJob['action'];

interface Words {
  verb: string;
  done: string;
  /** What an item is, one and several. */
  item: readonly [string, string];
  /** What happens, for the question. */
  warning: string;
}

/** How people speak of each action. */
export const BULK_WORDS: Record<BulkAction, Words> = {
  cancel: {
    verb: 'Cancel',
    done: 'cancelled',
    item: ['run', 'runs'],
    warning:
      'They end as FAILURE, keep what they have, and are not retried. Tool calls already made are not ' +
      'undone.',
  },
  purge: {
    verb: 'Erase',
    done: 'erased',
    item: ['run', 'runs'],
    warning: 'Payloads, results, traces and callback deliveries are deleted permanently.',
  },
  replay: {
    verb: 'Replay',
    done: 'replayed',
    item: ['run', 'runs'],
    warning: 'Each is run again as a new run with the same payload and headers, so its tools act again.',
  },
  accept: {
    verb: 'Run',
    done: 'run',
    item: ['event', 'events'],
    warning:
      'Each becomes a run under the current configuration. Signature, filter and rate are not checked, the ' +
      'input schema is.',
  },
  resend: {
    verb: 'Send',
    done: 'queued',
    item: ['callback', 'callbacks'],
    warning: 'Each is sent again to the current URL, with the same id and a new round of attempts.',
  },
};

/** A number of items, as in "775 runs". */
export const countOf = (action: BulkAction, count: number): string =>
  `${count.toLocaleString()} ${BULK_WORDS[action].item[count === 1 ? 0 : 1]}`;

export const isOpen = ({ finished_at }: BulkJob): boolean => finished_at === null;

const WAITS: Record<NonNullable<BulkJob['waiting_for']>, string> = {
  backlog: 'The rest waits for these to start.',
  archive: 'The rest waits until the archive answers.',
  files: 'The rest waits until the store of files answers.',
};

/** What a job has done so far, or in the end. */
export function progressWords({ action, state, total, done, waiting_for }: BulkJob): string {
  const { done: word } = BULK_WORDS[action];
  if (state === 'counting') return `Collecting: ${total.toLocaleString()} so far.`;
  const words = `${done.toLocaleString()} of ${total.toLocaleString()} ${word}`;
  if (state === 'stopped') return `${words}. Stopped.`;
  if (state === 'done') return `${words}.`;
  return waiting_for === null ? `${words} so far.` : `${words} so far. ${WAITS[waiting_for]}`;
}
