import type { Archive } from './archive.js';

/** How many tasks one statement deletes or changes. */
const AT_ONCE = 500;
const DAY_MS = 86_400_000;

/** Deletes tasks with everything that the archive has of them. Returns the ids of those that it had. */
export async function deleteArchived(archive: Archive, ids: readonly string[]): Promise<string[]> {
  const rows = await archive.query<{ id: string }>(
    'DELETE FROM agenthook_archive WHERE id = ANY($1) RETURNING id',
    [ids],
  );
  return rows.map(({ id }) => id);
}

/**
 * Deletes some of the tasks whose time is over: that of the archive, or of their agent's own retention.
 * Returns whether more may be left.
 */
export async function deleteExpired(archive: Archive, now: number): Promise<boolean> {
  const deleted = await archive.query(
    `DELETE FROM agenthook_archive WHERE id IN (
       (SELECT id FROM agenthook_archive WHERE finished_ms < $1 ORDER BY finished_ms LIMIT $3)
       UNION
       (SELECT id FROM agenthook_archive WHERE expires_ms < $2 ORDER BY expires_ms LIMIT $3)
     ) RETURNING id`,
    [now - archive.keptMs, now, AT_ONCE],
  );
  return deleted.length >= AT_ONCE;
}

/** Gives the archived tasks of an agent the end that its retention says, in days; null if it has none. */
export async function setRetention(archive: Archive, agentId: string, days: number | null): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await archive.query<{ id: string }>(
      `WITH next AS (
         SELECT id FROM agenthook_archive WHERE agent_id = $1 AND id > $2 ORDER BY id LIMIT $4
       )
       UPDATE agenthook_archive SET expires_ms = finished_ms + round($3::float8 * ${DAY_MS})::bigint
       WHERE id IN (SELECT id FROM next) RETURNING id`,
      [agentId, after, days, AT_ONCE],
    );
    if (rows.length < AT_ONCE) return;
    after =
      rows
        .map(({ id }) => id)
        .sort()
        .at(-1) ?? after;
  }
}
