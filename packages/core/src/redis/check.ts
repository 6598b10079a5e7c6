import type { RedisClient } from './connect.js';

export interface RedisCheck {
  version: string;
  /** One line each; empty when Redis is set up so that nothing acknowledged can be lost. */
  warnings: string[];
  /** Set when it is too old to work with at all. */
  error?: string;
}

const OLDEST = [6, 2];

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST;
  return major < needMajor || (major === needMajor && minor < needMinor);
}

const field = (info: string, name: string): string =>
  new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';

/**
 * Whether Redis is new enough (≥ 6.2), never evicts keys (`noeviction`) and writes an append-only file.
 * Reads INFO alone, which managed Redis allows where it forbids CONFIG.
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
  return {
    version,
    warnings,
    ...(isOlder(version) ? { error: `Redis ${version} is too old; 6.2 or newer is needed.` } : {}),
  };
}
