import { sleep } from '@agenthook/async';
import type { BulkJob } from '@agenthook/contracts';
import type { RemoteApi } from './open-api.js';

/** How often the progress is read; and, where no person looks, how often it is printed, in ms. */
const POLL_MS = 500;
const PRINT_MS = 5_000;

const WAITS: Record<NonNullable<BulkJob['waiting_for']>, string> = {
  backlog: 'the rest waits until these have started',
  archive: 'waits for the archive',
  files: 'waits for the store of files',
};

/** The progress of a job in one line. */
export function lineOf({ state, total, done, skipped, failed, waiting_for }: BulkJob): string {
  if (state === 'counting') return `collecting, ${total} so far`;
  const others = [skipped > 0 && `${skipped} skipped`, failed > 0 && `${failed} failed`].filter(Boolean);
  const waits = waiting_for ? [WAITS[waiting_for]] : [];
  return [`${state}, ${done} of ${total} done`, ...others, ...waits].join(', ');
}

/**
 * Prints the progress of a bulk job to stderr until it is finished, and then its outcome. Returns 0 if it is
 * done and no item failed, otherwise 1.
 */
export async function followBulk(api: RemoteApi, id: string, { json }: { json: boolean }): Promise<number> {
  const isTerminal = process.stderr.isTTY;
  let [printed, printedMs] = ['', Number.NEGATIVE_INFINITY];
  for (;;) {
    const job = await api.ask<BulkJob>('GET', `/api/bulk/${id}`);
    const line = lineOf(job);
    const isDue = isTerminal || performance.now() - printedMs >= PRINT_MS;
    if (job.finished_at === null && line !== printed && isDue) {
      process.stderr.write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
      [printed, printedMs] = [line, performance.now()];
    }
    if (job.finished_at !== null) {
      if (isTerminal && printed) process.stderr.write('\r\u001b[K');
      console.log(json ? JSON.stringify(job) : outcomeOf(job));
      return job.state === 'done' && job.failed === 0 ? 0 : 1;
    }
    await sleep(POLL_MS);
  }
}

const outcomeOf = (job: BulkJob): string =>
  [
    `${job.id}: ${lineOf(job)}.`,
    ...job.reasons.map(
      ({ outcome, title, code, count, examples }) =>
        `  ${count} ${outcome}: ${title} (${code}), such as ${examples.join(', ')}`,
    ),
  ].join('\n');
