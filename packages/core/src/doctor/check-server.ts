import { checkRedis } from '../redis/check.js';
import type { RedisClient } from '../redis/connect.js';
import { keys } from '../redis/keys.js';
import { type Finding, findingsOf, sizeText } from './finding.js';
import type { MemoryInfo } from './forecast.js';

/** The fields of Redis's INFO. */
export type Info = Record<string, string>;

export function parseInfo(text: string): Info {
  const lines = text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  });
  return Object.fromEntries(lines) as Info;
}

const bytes = (info: Info, name: string): number => Number(info[name] ?? 0) || 0;

export function memoryOf(info: Info): MemoryInfo {
  const maxmemory = bytes(info, 'maxmemory');
  return {
    used: bytes(info, 'used_memory'),
    startup: bytes(info, 'used_memory_startup'),
    limit: maxmemory || bytes(info, 'total_system_memory'),
    hasMaxmemory: maxmemory > 0,
  };
}

/** Checks the server: its version, eviction policy, append-only file, memory and role. */
export async function checkServer(redis: RedisClient, info: Info): Promise<Finding[]> {
  const { host, port, db = 0 } = redis.options;
  const check = await checkRedis(redis);
  const server = findingsOf('redis');
  const name = info.valkey_version === undefined ? `Redis ${check.version}` : `Valkey ${info.valkey_version}`;
  const at = `${name} at ${host}:${port}, database ${db}`;
  return [
    check.error === undefined
      ? server.ok(`${at}.`)
      : server.error(`${at}: ${check.error}`, 'Upgrade Redis to 6.2 or newer, or use Valkey.'),
    ...(info.role === 'slave'
      ? [server.error('This Redis is a replica and stores nothing.', 'Point REDIS_URL at the primary.')]
      : []),
    eviction(info),
    ...(await persistence(redis, info)),
    memory(memoryOf(info)),
  ];
}

function eviction(info: Info): Finding {
  const { ok, error } = findingsOf('eviction');
  const policy = info.maxmemory_policy || 'unknown';
  if (policy === 'noeviction') return ok('Redis evicts nothing (maxmemory-policy noeviction).');
  return error(
    `maxmemory-policy is ${policy}: when memory runs short, Redis deletes tasks, agents and keys.`,
    'Run CONFIG SET maxmemory-policy noeviction, and set it in redis.conf.',
  );
}

async function persistence(redis: RedisClient, info: Info): Promise<Finding[]> {
  const { ok, info: note, warning, error } = findingsOf('persistence');
  if (info.aof_enabled !== '1')
    return [
      error(
        'Redis keeps no append-only file, so a crash loses acknowledged tasks.',
        'Run CONFIG SET appendonly yes and CONFIG SET appendfsync always, and set both in redis.conf.',
      ),
    ];
  const found: Finding[] = [];
  if (info.aof_last_write_status === 'err')
    found.push(
      error('Redis cannot write its append-only file and stores nothing.', 'Make room on the disk of Redis.'),
    );
  if (info.aof_last_bgrewrite_status === 'err')
    found.push(
      warning(
        'The last rewrite of the append-only file failed, so the file grows.',
        'Look into the log of Redis: usually its memory or its disk was too small.',
      ),
    );
  // Managed Redis and a user of the guide's ACL may not read the configuration.
  const fsync = await redis.config('GET', 'appendfsync').then(
    (answer) => (answer as string[])[1],
    () => undefined,
  );
  if (fsync === 'always') found.push(ok('Every acknowledged task is in the append-only file on the disk.'));
  else if (fsync === undefined)
    found.push(
      note('Redis keeps an append-only file. This user may not read appendfsync, which should be always.'),
    );
  else
    found.push(
      warning(
        `appendfsync is ${fsync}: a power failure loses what was acknowledged in the last second or more.`,
        'Run CONFIG SET appendfsync always, and set it in redis.conf.',
      ),
    );
  return found;
}

function memory({ used, limit, hasMaxmemory }: MemoryInfo): Finding {
  const { ok, info, warning, error } = findingsOf('memory');
  const line = `Redis uses ${sizeText(used)} of ${sizeText(limit)} (${hasMaxmemory ? 'maxmemory' : 'the machine'}).`;
  const action =
    'Raise maxmemory, lower RESULT_TTL_SECONDS for all processes, or erase finished tasks (DELETE ' +
    '/api/tasks?before=…).';
  if (limit > 0 && used >= limit) return error(`${line} It is full and stores nothing.`, action);
  if (limit > 0 && used >= limit * 0.85) return warning(line, action);
  if (!hasMaxmemory)
    return info(
      `${line} Without maxmemory, the system kills Redis when memory runs out, instead of Redis refusing new tasks.`,
      'Set maxmemory to about two thirds of the memory that Redis may use.',
    );
  return ok(line);
}

/** Checks that this is the database that has our data, and says if others have keys. */
export async function checkDatabase(redis: RedisClient, info: Info): Promise<Finding> {
  const { ok, info: note, warning } = findingsOf('database');
  const own = redis.options.db ?? 0;
  const others = Object.keys(info).flatMap((name) => {
    const [, number] = /^db(\d{1,9})$/.exec(name) ?? [];
    return number === undefined || Number(number) === own ? [] : [number];
  });
  if ((await redis.exists(keys.secretCheck)) === 1)
    return ok(`Database ${own} has the data of an installation.`);
  if (others.length === 0) return note(`Database ${own} is new: nothing has been stored in it.`);
  return warning(
    `Database ${own} has nothing of AgentHook, while ${others.length > 1 ? 'databases' : 'database'} ` +
      `${others.join(', ')} of the same Redis ${others.length > 1 ? 'have' : 'has'} keys.`,
    'Check the number at the end of REDIS_URL, unless this is a new installation.',
  );
}
