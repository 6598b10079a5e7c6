import { expiryOf } from '../queue/ended-task.js';
import { storedOptions } from '../queue/job.js';
import type { Archive, Query } from './archive.js';
import { ARCHIVE_COLUMNS, type ArchiveRow, headOf } from './archived-task.js';

/** A task that is to be archived. */
export interface NewArchived {
  row: ArchiveRow;
  files: readonly Buffer[];
  /** The hashes of all idempotency keys that name it. */
  keyHashes: readonly string[];
}

/** Begins a turn of one process that moves tasks, and ends that of any other. Returns its number. */
export async function beginTurn(archive: Archive): Promise<number> {
  const [row] = await archive.query<{ turn: string }>(
    'UPDATE agenthook_archive_version SET turn = turn + 1 RETURNING turn',
  );
  return Number(row?.turn);
}

/**
 * Stores finished tasks in one transaction. Those that the archive has already are replaced. Stores nothing
 * and returns false if another process has begun a turn: what this one has read may be old. Stores nothing
 * and throws RefusedRow if PostgreSQL refuses one of them.
 */
export const writeArchived = (
  archive: Archive,
  turn: number,
  tasks: readonly NewArchived[],
): Promise<boolean> =>
  archive.transaction(async (query) => {
    if (!(await isTurn(query, turn))) return false;
    for (const task of tasks) await writeOne(query, task);
    return true;
  });

/**
 * Deletes what the archive has of a task that it refused, perhaps stored by a process that died. Returns
 * false if another process has begun a turn.
 */
export const dropRefused = (archive: Archive, turn: number, id: string): Promise<boolean> =>
  archive.transaction(async (query) => {
    if (!(await isTurn(query, turn))) return false;
    await query('DELETE FROM agenthook_archive WHERE id = $1', [id]);
    return true;
  });

/** Whether no other process has begun a turn. None can until this transaction ends. */
async function isTurn(query: Query, turn: number): Promise<boolean> {
  const [row] = await query<{ turn: string }>('SELECT turn FROM agenthook_archive_version FOR SHARE');
  return Number(row?.turn) === turn;
}

async function writeOne(query: Query, { row, files, keyHashes }: NewArchived): Promise<void> {
  const { opts, timestamp, finishedOn } = headOf(row.head);
  const { about } = storedOptions(opts);
  const finishedMs = Number(finishedOn);
  const days = about?.retention?.days;
  await query('DELETE FROM agenthook_archive WHERE id = $1', [row.id]);
  await query(
    `INSERT INTO agenthook_archive
       (${ARCHIVE_COLUMNS}, agent_id, created_ms, finished_ms, expires_ms, conversation_id, key_hashes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[row.id, row.status, row.head, row.texts, row.data, row.log, row.events],
      about?.agent ?? '',
      Number(timestamp),
      finishedMs,
      days === undefined ? null : expiryOf(finishedMs, days),
      about?.conversation ?? null,
      keyHashes,
    ],
  );
  for (const [number, content] of files.entries())
    await query('INSERT INTO agenthook_archive_files VALUES ($1, $2, $3)', [row.id, number, content]);
}

/**
 * Changes a small field of an archived task. Returns whether the archive has the task. Throws
 * `archive_unavailable`.
 */
export const changeField = (
  archive: Archive,
  id: string,
  field: string,
  change: (value: string | undefined) => string,
): Promise<boolean> =>
  archive.transaction(async (query) => {
    const [row] = await query<{ head: string }>(
      'SELECT head FROM agenthook_archive WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!row) return false;
    const fields = headOf(row.head);
    await query('UPDATE agenthook_archive SET head = $2 WHERE id = $1', [
      id,
      JSON.stringify({ ...fields, [field]: change(fields[field]) }),
    ]);
    return true;
  });
