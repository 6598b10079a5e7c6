import type { JournalRow } from '../queue/job.js';
import { packedBytes, packedText } from '../redis/pack-text.js';

/** A finished task as Redis had it. */
export interface ArchivedTask {
  id: string;
  /** The fields of its job's hash. */
  fields: Record<string, string>;
  /** Its journal, if that is no part of its texts. */
  log?: readonly JournalRow[];
  /** The events of its burst. */
  events: readonly string[];
}

/** What the archive stores of it, by column. */
export interface ArchiveRow {
  id: string;
  status: string;
  /** The small fields, as JSON. */
  head: string;
  /** The result; usually with the data and the journal (ended-texts.ts). */
  texts: Buffer;
  data: Buffer | null;
  log: Buffer | null;
  events: Buffer | null;
}

export const ARCHIVE_COLUMNS = 'id, status, head, texts, data, log, events';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Of a task that has ended. */
export function toRow({ id, fields, log, events }: ArchivedTask): ArchiveRow {
  const { data, returnvalue, failedReason, stacktrace: _, ...head } = fields;
  return {
    id,
    status: returnvalue ? 'SUCCESS' : 'FAILURE',
    head: JSON.stringify(head),
    texts: packedBytes(returnvalue || failedReason || ''),
    data: data === undefined ? null : Buffer.from(data),
    log: log && log.length > 0 ? bytes(log) : null,
    events: events.length > 0 ? bytes(events) : null,
  };
}

export function fromRow({ id, status, head, texts, data, log, events }: ArchiveRow): ArchivedTask {
  return {
    id,
    fields: {
      ...headOf(head),
      [status === 'SUCCESS' ? 'returnvalue' : 'failedReason']: packedText(texts),
      ...(data && { data: data.toString() }),
    },
    ...(log && { log: JSON.parse(log.toString()) as JournalRow[] }),
    events: events ? (JSON.parse(events.toString()) as string[]) : [],
  };
}

export const headOf = (head: string): Record<string, string> => JSON.parse(head) as Record<string, string>;

/** How much memory a task takes, roughly, in bytes. */
export const sizeOf = ({ texts, data, log, events }: ArchiveRow): number =>
  [texts, data, log, events].reduce((sum, part) => sum + (part?.length ?? 0), 0);
