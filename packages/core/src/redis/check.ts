import type { RedisClient } from './connect.js';
import { keys } from './keys.js';
import { refusesForNow } from './unavailable.js';

export interface RedisCheck {
  version: string;
  /** One line each. Empty if Redis is configured so that acknowledged tasks cannot be lost. */
  warnings: string[];
  /** Why Redis refuses writes right now, one line each. */
  refusals: string[];
  /** Set if Redis is too old to work at all. */
  error?: string;
}

const OLDEST = [6, 2];

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST;
  return major < needMajor || (major === needMajor && minor < needMinor);
}

/** How long the key of checkStores lives, in ms. */
const STORED_MS = 60_000;

/** The share of `maxmemory` from which we warn. */
const NEARLY_FULL = 0.85;
const MAKE_ROOM =
  'raise maxmemory, keep results for less long (RESULT_TTL_SECONDS), or erase finished tasks (DELETE /api/tasks?before=…)';

/** A line for the warnings or refusals if Redis is nearly or completely full. */
function fullness(info: string): { isFull: boolean; line: string } | undefined {
  const used = Number(field(info, 'used_memory'));
  const most = Number(field(info, 'maxmemory'));
  if (!(most > 0) || used < most * NEARLY_FULL) return undefined;
  if (used >= most) return { isFull: true, line: `Redis is full and stores nothing: ${MAKE_ROOM}.` };
  const percent = Math.round((used / most) * 100);
  return { isFull: false, line: `Redis has used ${percent} % of its maxmemory: ${MAKE_ROOM}.` };
}

const field = (info: string, name: string): string =>
  new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';

/** Why Redis stores nothing, by the first word of its refusal. */
const REASONS: Record<string, string> = {
  OOM: `is full and stores nothing: ${MAKE_ROOM}.`,
  READONLY: 'is a replica and stores nothing: point REDIS_URL at the primary.',
  NOREPLICAS: 'has too few replicas in time and stores nothing: start them, or lower min-replicas-to-write.',
  MISCONF: 'cannot write to its disk and stores nothing: is the disk full?',
};

/**
 * Stores something, and returns why Redis refuses that: one line, or none. INFO does not have every reason.
 */
export async function checkStores(redis: RedisClient): Promise<string[]> {
  try {
    await redis.set(keys.storeCheck, '1', 'PX', STORED_MS);
    return [];
  } catch (error) {
    if (!refusesForNow(error)) throw error;
    const { message } = error as Error;
    return [`Redis ${REASONS[message.split(' ')[0] ?? ''] ?? `stores nothing: ${message}`}`];
  }
}

/**
 * Checks that Redis is new enough (≥ 6.2), never evicts keys (`noeviction`) and writes an append-only file.
 * Uses only INFO, because managed Redis may forbid CONFIG.
 */
export async function checkRedis(redis: RedisClient): Promise<RedisCheck> {
  const info = await redis.info();
  const version = field(info, 'redis_version');
  const warnings: string[] = [];
  const policy = field(info, 'maxmemory_policy');
  if (policy !== 'noeviction') {
    warnings.push(`Redis may evict tasks: maxmemory-policy is ${policy || 'unknown'}; set it to noeviction.`);
  }
  if (field(info, 'aof_enabled') !== '1') {
    warnings.push(
      'Redis keeps no append-only file, so a crash loses acknowledged tasks; set appendonly yes.',
    );
  }
  const refusals: string[] = [];
  const full = fullness(info);
  if (full) (full.isFull ? refusals : warnings).push(full.line);
  if (field(info, 'role') === 'slave')
    refusals.push('Redis is a replica and stores nothing: point REDIS_URL at the primary.');
  if (field(info, 'aof_last_write_status') === 'err')
    refusals.push('Redis cannot write its append-only file and stores nothing: is its disk full?');
  return {
    version,
    warnings,
    refusals,
    ...(isOlder(version) ? { error: `Redis ${version} is too old; 6.2 or newer is needed.` } : {}),
  };
}
