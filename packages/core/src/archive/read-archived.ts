import type { Context } from '../context.js';
import { READ_MS } from './archive.js';
import { ARCHIVE_COLUMNS, type ArchivedTask, type ArchiveRow, fromRow, headOf } from './archived-task.js';

type Reader = Pick<Context, 'archive'>;

/**
 * A task from the archive; undefined if there is none, or no archive. Read it after Redis had nothing: a task
 * leaves Redis only once it is here. Throws `archive_unavailable`.
 */
export async function readArchived({ archive }: Reader, id: string): Promise<ArchivedTask | undefined> {
  if (!archive) return undefined;
  const [row] = await archive.query<ArchiveRow>(
    `SELECT ${ARCHIVE_COLUMNS} FROM agenthook_archive WHERE id = $1`,
    [id],
    READ_MS,
  );
  return row && fromRow(row);
}

/** The small fields of tasks' jobs, by id, of those that the archive has. Throws `archive_unavailable`. */
export async function readHeads(
  { archive }: Reader,
  ids: readonly string[],
): Promise<Map<string, { status: string; fields: Record<string, string> }>> {
  if (!archive || ids.length === 0) return new Map();
  const rows = await archive.query<Pick<ArchiveRow, 'id' | 'status' | 'head'>>(
    'SELECT id, status, head FROM agenthook_archive WHERE id = ANY($1)',
    [ids],
    READ_MS,
  );
  return new Map(rows.map(({ id, status, head }) => [id, { status, fields: headOf(head) }]));
}

/** A file of an archived task, by its number; undefined if there is none. Throws `archive_unavailable`. */
export async function readArchivedFile(
  { archive }: Reader,
  id: string,
  number: number,
): Promise<Buffer | undefined> {
  const rows = await archive?.query<{ content: Buffer }>(
    'SELECT content FROM agenthook_archive_files WHERE task_id = $1 AND number = $2',
    [id, number],
    READ_MS,
  );
  return rows?.[0]?.content;
}

/** All files of an archived task, in order. Throws `archive_unavailable`. */
export async function readArchivedFiles({ archive }: Reader, id: string): Promise<Buffer[]> {
  const rows = await archive?.query<{ content: Buffer }>(
    'SELECT content FROM agenthook_archive_files WHERE task_id = $1 ORDER BY number',
    [id],
    READ_MS,
  );
  return rows?.map(({ content }) => content) ?? [];
}
