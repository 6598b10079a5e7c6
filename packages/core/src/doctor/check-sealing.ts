import type { RedisClient } from '../redis/connect.js';
import { lostDataKeys } from '../sealing/data-keys.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { ProcessInfo } from '../stats/heartbeat.js';
import { type Finding, findingsOf } from './finding.js';

/** Checks that the live processes agree on SEAL_AT_REST, and that what was sealed before can be opened. */
export async function checkSealing(
  redis: RedisClient,
  box: SecretBox | undefined,
  processes: readonly ProcessInfo[],
): Promise<Finding[]> {
  const { ok, info, warning, error } = findingsOf('sealing');
  const settings = new Set(processes.flatMap(({ seals_at_rest }) => seals_at_rest ?? []));
  const findings: Finding[] = [];
  if (settings.size > 1)
    findings.push(
      warning(
        'SEAL_AT_REST is on in some processes and off in others: what the others store is not sealed.',
        'Set the same for all processes.',
      ),
    );
  else if (settings.has(true))
    findings.push(ok('Events, journals and results are sealed before they are stored.'));
  else if (settings.has(false)) findings.push(info('Texts at rest are not sealed (SEAL_AT_REST).'));
  const lost = box ? await lostDataKeys(redis, box) : [];
  if (lost.length > 0)
    findings.push(
      error(
        `${lost.length} data key(s) cannot be opened with this SECRET_KEY (${lost.join(', ')}), so the texts that they ` +
          'sealed cannot be read.',
        'Set the SECRET_KEY (or SECRET_KEY_PREVIOUS) that they were stored with. If it is lost: agenthook ' +
          'reset-secrets.',
      ),
    );
  return findings;
}
