import type { TaskStatusName } from '@agenthook/contracts';
import { type Archive, READ_MS } from './archive.js';

/** The part of a filter that the archive's indexes answer. Times are in ms since the epoch. */
interface ArchivedFilter {
  agentId?: string | undefined;
  statuses?: readonly TaskStatusName[] | undefined;
  fromMs?: number | undefined;
  toMs?: number | undefined;
  conversationId?: string | undefined;
}

/** Where a task is in the order of lists. */
interface ArchivedPlace {
  id: string;
  ms: number;
}

/** How many tasks one count counts. */
export const MOST_COUNTED = 1_000_000;

/** The condition of a filter, and its parameters. All texts of it are written here. */
function conditionOf({ agentId, statuses, fromMs, toMs, conversationId }: ArchivedFilter) {
  const values: unknown[] = [];
  const parts: string[] = [];
  const add = (part: string, value: unknown) => {
    values.push(value);
    parts.push(`${part} $${values.length}`);
  };
  if (agentId !== undefined) add('agent_id =', agentId);
  if (conversationId !== undefined) add('conversation_id =', conversationId);
  if (fromMs !== undefined) add('created_ms >=', fromMs);
  if (toMs !== undefined) add('created_ms <', toMs);
  if (statuses?.length) {
    values.push(statuses);
    parts.push(`status = ANY($${values.length})`);
  }
  return { values, parts };
}

const where = (parts: readonly string[]): string => (parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '');

/** Whether the archive may have tasks of a filter: they have ended, and PostgreSQL has no text with a NUL. */
const wantsArchived = ({ statuses, conversationId }: ArchivedFilter): boolean =>
  !conversationId?.includes('\0') &&
  (!statuses?.length || statuses.includes('SUCCESS') || statuses.includes('FAILURE'));

/**
 * The first places of a filter after a place, newest first, then by id in descending order.
 *
 * @param withinMs how long to wait for them, in ms, if not as long as any statement may take; so are others
 */
export async function archivedPlaces(
  archive: Archive,
  filter: ArchivedFilter,
  after: ArchivedPlace | undefined,
  count: number,
  withinMs?: number,
): Promise<ArchivedPlace[]> {
  if (!wantsArchived(filter)) return [];
  const { values, parts } = conditionOf(filter);
  if (after) {
    parts.push(`(created_ms, id) < ($${values.length + 1}, $${values.length + 2})`);
    values.push(after.ms, after.id);
  }
  const rows = await archive.query<{ id: string; created_ms: string }>(
    `SELECT id, created_ms FROM agenthook_archive ${where(parts)}
     ORDER BY created_ms DESC, id DESC LIMIT $${values.length + 1}`,
    [...values, count],
    withinMs,
  );
  return rows.map(({ id, created_ms }) => ({ id, ms: Number(created_ms) }));
}

/** The places of tasks whose id begins with a text, and of those that an idempotency key's hash names. */
export async function namedPlaces(
  archive: Archive,
  { beginning, keyHash }: { beginning: string | undefined; keyHash: string },
  count: number,
  withinMs?: number,
): Promise<ArchivedPlace[]> {
  const rows = await archive.query<{ id: string; created_ms: string }>(
    `(SELECT id, created_ms FROM agenthook_archive WHERE key_hashes @> ARRAY[$1::text] COLLATE "C" LIMIT $4)
     UNION
     (SELECT id, created_ms FROM agenthook_archive WHERE id >= $2::text AND id < $3::text LIMIT $4)`,
    [keyHash, beginning ?? null, beginning === undefined ? null : `${beginning}~`, count],
    withinMs,
  );
  return rows.map(({ id, created_ms }) => ({ id, ms: Number(created_ms) }));
}

/** The ids of some tasks that an idempotency key's hash names. */
export async function withKey(
  archive: Archive | undefined,
  keyHash: string,
  count: number,
): Promise<string[]> {
  const rows = await archive?.query<{ id: string }>(
    'SELECT id FROM agenthook_archive WHERE key_hashes @> ARRAY[$1::text] LIMIT $2',
    [keyHash, count],
  );
  return rows?.map(({ id }) => id) ?? [];
}

/** The ids of the oldest tasks that were created before a time, of one agent or of all. */
export async function oldestArchived(
  archive: Archive,
  filter: Pick<ArchivedFilter, 'agentId' | 'toMs'>,
  count: number,
): Promise<string[]> {
  const { values, parts } = conditionOf(filter);
  const rows = await archive.query<{ id: string }>(
    `SELECT id FROM agenthook_archive ${where(parts)} ORDER BY created_ms, id LIMIT $${values.length + 1}`,
    [...values, count],
  );
  return rows.map(({ id }) => id);
}

/** How many tasks match a filter, at most MOST_COUNTED. */
export async function countArchived(
  archive: Archive,
  filter: ArchivedFilter,
  withinMs?: number,
): Promise<number> {
  if (!wantsArchived(filter)) return 0;
  const { values, parts } = conditionOf(filter);
  const [row] = await archive.query<{ count: string }>(
    `SELECT count(*) FROM (SELECT 1 FROM agenthook_archive ${where(parts)} LIMIT ${MOST_COUNTED}) AS matching`,
    values,
    withinMs,
  );
  return Number(row?.count ?? 0);
}

/** How many tasks were created in each of `count` parts of a time, of `bucketMs` each, by status. */
export async function archivedHistogram(
  archive: Archive,
  filter: ArchivedFilter & { fromMs: number },
  bucketMs: number,
): Promise<{ bucket: number; status: 'SUCCESS' | 'FAILURE'; count: number }[]> {
  if (!wantsArchived(filter)) return [];
  const { values, parts } = conditionOf(filter);
  const [from, width] = [values.length + 1, values.length + 2];
  const rows = await archive.query<{ bucket: string; status: 'SUCCESS' | 'FAILURE'; count: string }>(
    `SELECT (created_ms - $${from}::bigint) / $${width}::bigint AS bucket, status, count(*)
     FROM agenthook_archive ${where(parts)} GROUP BY 1, 2`,
    [...values, filter.fromMs, bucketMs],
    READ_MS,
  );
  return rows.map(({ bucket, status, count }) => ({ bucket: Number(bucket), status, count: Number(count) }));
}
