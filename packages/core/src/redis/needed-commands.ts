/**
 * Every command that AgentHook and BullMQ send to Redis or call in scripts, each as a call that is only
 * queued and never run. KEY stands for a key of ours.
 */
export const NEEDED_COMMANDS = [
  ...['PING', 'INFO server', 'TIME', 'EVAL return 0', 'EVALSHA 0000 0'],
  ...[
    'GET KEY',
    'SET KEY 1',
    'DEL KEY',
    'UNLINK KEY',
    'EXISTS KEY',
    'TYPE KEY',
    'RENAME KEY KEY',
    'COPY KEY KEY',
  ],
  ...['INCR KEY', 'INCRBY KEY 1', 'STRLEN KEY', 'EXPIRE KEY 1', 'PEXPIRE KEY 1', 'PERSIST KEY'],
  ...['TTL KEY', 'PTTL KEY'],
  ...['HGET KEY 1', 'HSET KEY 1 1', 'HMSET KEY 1 1', 'HSETNX KEY 1 1', 'HMGET KEY 1', 'HGETALL KEY'],
  ...['HDEL KEY 1', 'HEXISTS KEY 1', 'HKEYS KEY', 'HVALS KEY', 'HLEN KEY', 'HSTRLEN KEY 1'],
  ...['HINCRBY KEY 1 1', 'HSCAN KEY 0'],
  ...['SADD KEY 1', 'SREM KEY 1', 'SMEMBERS KEY', 'SISMEMBER KEY 1', 'SCARD KEY', 'SSCAN KEY 0'],
  ...['SRANDMEMBER KEY 1', 'SPOP KEY'],
  ...['LPUSH KEY 1', 'RPUSH KEY 1', 'LPOP KEY', 'RPOP KEY', 'RPOPLPUSH KEY KEY', 'LRANGE KEY 0 0'],
  ...['LLEN KEY', 'LREM KEY 1 1', 'LTRIM KEY 0 0', 'LINDEX KEY 0', 'LSET KEY 0 1', 'LPOS KEY 1'],
  ...['ZADD KEY 1 1', 'ZREM KEY 1', 'ZSCORE KEY 1', 'ZMSCORE KEY 1', 'ZCARD KEY', 'ZCOUNT KEY 0 1'],
  ...['ZRANGE KEY 0 0', 'ZREVRANGE KEY 0 0', 'ZRANK KEY 1', 'ZRANGEBYSCORE KEY 0 1', 'ZINCRBY KEY 1 1'],
  ...['ZREVRANGEBYSCORE KEY 1 0', 'ZRANGEBYLEX KEY - +', 'ZREVRANGEBYLEX KEY + -', 'ZPOPMIN KEY'],
  ...['ZREMRANGEBYSCORE KEY 0 1', 'ZREMRANGEBYRANK KEY 0 0', 'ZREMRANGEBYLEX KEY - +', 'ZSCAN KEY 0'],
  ...['BZPOPMIN KEY 1', 'BLPOP KEY 1'],
  ...['XADD KEY * 1 1', 'XRANGE KEY - +', 'XREVRANGE KEY + -', 'XREAD STREAMS KEY 0', 'XLEN KEY'],
  ...['XTRIM KEY MAXLEN 1', 'XDEL KEY 0-1'],
] as const;

/** Needed too, but part of the check itself, or not needed for anything to work. */
const FRAMES = ['MULTI', 'EXEC', 'DISCARD', 'SELECT', 'CLIENT|SETNAME'];

/**
 * The rules of an ACL user that may do what AgentHook needs and nothing else, except for its password:
 * https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 *
 * @param tags the hash tags of our keys
 */
export function aclRules(tags: readonly string[]): string {
  const names = [...NEEDED_COMMANDS.map((call) => call.split(' ')[0] ?? ''), ...FRAMES];
  return [...keyRules(tags), '-@all', ...names.map((name) => `+${name.toLowerCase()}`)].join(' ');
}

/** The rules for our keys. */
export const keyRules = (tags: readonly string[]): string[] => tags.map((tag) => `~${tag}:*`);
