import { type ArchiveSettings, openArchive } from '../archive/archive.js';
import { checkVersion } from '../archive/migrate.js';
import { countEnded } from '../archiving/archive-backlog.js';
import { refusedTasks } from '../archiving/refused-tasks.js';
import { createLogger } from '../log.js';
import type { RedisClient } from '../redis/connect.js';
import type { ProcessInfo } from '../stats/heartbeat.js';
import { type Finding, findingsOf } from './finding.js';

const SAME = 'Set the same ARCHIVE_URL for every api and worker.';

/** Checks that the archive answers, and that all live processes have one or none. Writes nothing. */
export async function checkArchive(
  redis: RedisClient,
  { archive: settings, shards: count }: { archive?: ArchiveSettings | undefined; shards: number },
  processes: readonly ProcessInfo[],
  nowMs: number,
): Promise<Finding[]> {
  const { ok, warning, error } = findingsOf('archive');
  const live = [...new Set(processes.flatMap(({ archives }) => archives ?? []))];
  const findings: Finding[] = [];
  if (live.length > 1) findings.push(warning('Some live processes have an archive, others have none.', SAME));
  else if (live.length === 1 && live[0] !== (settings !== undefined))
    findings.push(
      warning(
        settings
          ? 'ARCHIVE_URL is set in this environment, but no live process has an archive.'
          : 'The live processes have an archive, but ARCHIVE_URL is not set in this environment.',
        SAME,
      ),
    );
  if (!settings) return findings;
  const archive = openArchive(settings, createLogger('doctor', 'silent'), checkVersion);
  try {
    const [row] = await archive.query<{ count: string }>(
      "SELECT reltuples::bigint AS count FROM pg_class WHERE oid = to_regclass('agenthook_archive')",
    );
    const due = nowMs - settings.afterSeconds * 1000;
    const shards = Array.from({ length: count }, (_, shard) => shard);
    const { count: refused, example } = await refusedTasks(redis, shards);
    let waiting = -refused;
    for (const shard of shards) waiting += await countEnded(redis, shard, due);
    const stored = Math.max(0, Number(row?.count ?? 0));
    findings.push(
      ok(
        `The archive answers; it has about ${stored} task(s). ` +
          `${Math.max(0, waiting)} wait for it in Redis.`,
      ),
    );
    if (refused > 0)
      findings.push(
        error(
          `The archive refused ${refused} finished task(s), such as ${example?.id}: ${example?.reason}.`,
          'Remove what refuses them in PostgreSQL (a constraint, a trigger, a changed column): they are tried ' +
            'again every 10 minutes. Until then they stay in Redis, and expire there.',
        ),
      );
  } catch {
    findings.push(
      error(
        `The archive cannot be used: ${archive.problem()}.`,
        'Start PostgreSQL, or correct ARCHIVE_URL. Until then finished tasks stay in Redis, and expire there.',
      ),
    );
  } finally {
    await archive.close();
  }
  return findings;
}
