import { openAnew, type RedisClient } from './connect.js';
import { HASH_TAGS } from './keys.js';
import { keyRules, NEEDED_COMMANDS } from './needed-commands.js';
import { RENAMED } from './refused-start.js';
import { isRedisUnavailable } from './unavailable.js';

const PAGE = 'docs/guides/operate/run.md#a-user-for-redis';

/**
 * Checks that this is a Redis that lets its user run every command and use every key that AgentHook needs.
 * Throws one line for the person who starts the process. Does nothing if Redis is not available now.
 */
export async function checkAccess(redis: RedisClient): Promise<void> {
  const { host, port, username } = redis.options;
  const at = `Redis at ${host}:${port}`;
  const user = username ?? 'default';
  const refusals = await openAnew(redis, (fresh) => askAll(fresh, at)).catch((error: Error) => {
    if (isRedisUnavailable(error)) return [];
    throw error;
  });
  const moved = refusals.find(({ said }) => /^(MOVED|ASK|CROSSSLOT)\b/.test(said));
  if (moved)
    throw new Error(
      `${at} is a node of a cluster that keeps our keys elsewhere (${moved.said}). Set REDIS_URL to a Redis ` +
        'without cluster mode, or to a node that owns all slots.',
    );
  const missing = refusals.filter(({ said }) => /^(NOPERM|ERR unknown command)/.test(said));
  if (missing.length === 0) return;
  const [first] = missing;
  // Without the right to our keys, every command fails.
  if (missing.length > 1 && missing.every(({ said }) => /\bkeys?\b/i.test(said)))
    throw new Error(
      `The user "${user}" of ${at} may not use our keys: run ACL SETUSER ${user} ` +
        `${keyRules(HASH_TAGS).join(' ')} (${PAGE}).`,
    );
  const names = [...new Set(missing.map(({ name }) => name))];
  const rules = names.map((name) => `+${name.toLowerCase()}`).join(' ');
  if (!first?.said.startsWith('NOPERM'))
    throw new Error(`${at} does not know ${names.join(', ')}. ${RENAMED}`);
  throw new Error(
    `The user "${user}" of ${at} may not run ${names.join(', ')}: run ACL SETUSER ${user} ${rules} (${PAGE}).`,
  );
}

interface Refusal {
  name: string;
  said: string;
}

/**
 * What Redis refuses of all that is needed. Redis checks a command when it joins a transaction. The
 * transaction is discarded, so no command runs.
 */
async function askAll(fresh: RedisClient, at: string): Promise<Refusal[]> {
  const ask = async (call: string): Promise<Refusal[]> => {
    const [name = '', ...args] = call.split(' ');
    return await fresh.call(name, ...args).then(
      () => [],
      (error: Error) => [{ name, said: error.message }],
    );
  };
  const info = await fresh.info('server').catch(() => '');
  if (info.includes('redis_mode:sentinel'))
    throw new Error(
      `What answers at ${at.replace('Redis at ', '')} is a Redis Sentinel. Set REDIS_URL to the primary that it ` +
        'watches (SENTINEL GET-MASTER-ADDR-BY-NAME).',
    );
  const refused = await ask('MULTI');
  if (refused.length > 0) return refused;
  const calls = HASH_TAGS.flatMap((tag) =>
    NEEDED_COMMANDS.map((call) => call.replaceAll(' KEY', ` ${tag}:none`)),
  );
  const found = await Promise.all([...calls, 'DISCARD', 'MULTI', 'EXEC'].map(ask));
  return found.flat();
}
