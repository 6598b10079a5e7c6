import type { ArchiveSettings } from '../archive/archive.js';
import type { WorkerEnvironment } from './environment.js';
import { EnvironmentError } from './load-environment.js';

/**
 * The archive that the environment names; undefined for none. Throws EnvironmentError if tasks would expire
 * before they are archived.
 */
export function archiveSettings(
  env: Pick<WorkerEnvironment, 'ARCHIVE_AFTER_SECONDS' | 'ARCHIVE_DAYS' | 'RESULT_TTL_SECONDS'> & {
    ARCHIVE_URL?: string | undefined;
  },
): ArchiveSettings | undefined {
  const { ARCHIVE_URL: url, ARCHIVE_AFTER_SECONDS: afterSeconds, ARCHIVE_DAYS: days } = env;
  if (url === undefined) return undefined;
  if (afterSeconds >= env.RESULT_TTL_SECONDS)
    throw new EnvironmentError(
      'ARCHIVE_AFTER_SECONDS must be less than RESULT_TTL_SECONDS: finished tasks would expire before.',
    );
  return { url, afterSeconds, days };
}
