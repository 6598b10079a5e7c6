import { type ArchiveSettings, openArchive } from '../archive/archive.js';
import { checkVersion } from '../archive/migrate.js';
import { createLogger } from '../log.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import type { ProcessInfo } from '../stats/heartbeat.js';
import { type Finding, findingsOf } from './finding.js';

const SAME = 'Set the same ARCHIVE_URL for every api and worker.';

/** Checks that the archive answers, and that all live processes have one or none. Writes nothing. */
export async function checkArchive(
  redis: RedisClient,
  settings: ArchiveSettings | undefined,
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
    const sets = [keys.completedJobs(0), keys.failedJobs(0)];
    const due = nowMs - settings.afterSeconds * 1000;
    const waiting = await Promise.all(sets.map((set) => redis.zcount(set, '-inf', due)));
    const count = Math.max(0, Number(row?.count ?? 0));
    findings.push(
      ok(
        `The archive answers; it has about ${count} task(s). ` +
          `${waiting.reduce((sum, each) => sum + each, 0)} wait for it in Redis.`,
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
