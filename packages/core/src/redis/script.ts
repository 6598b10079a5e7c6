import { createHash } from 'node:crypto';
import type { RedisClient } from './connect.js';

export type ScriptArgument = string | number | Buffer;

/** A name in the script's header. The last name may be a list of values, or of records of `fields`. */
type Entry = string | { list: string; fields?: readonly string[] };
type Given = ScriptArgument | boolean | readonly ScriptArgument[] | readonly Record<string, ScriptArgument>[];

/** A Lua script, with the names of its KEYS and ARGV in order. */
interface ScriptSource {
  lua: string;
  keys: readonly Entry[];
  args: readonly Entry[];
}

/**
 * Runs a Lua script with KEYS and ARGV by their names in its header. All keys of one call share a hash slot.
 * Throws what Redis and the connection throw.
 */
export type Script<Keys, Args, Result> = (
  redis: RedisClient,
  keys: Keys,
  ...args: Record<never, never> extends Args ? [args?: Args] : [args: Args]
) => Promise<Result>;

/**
 * Makes a function of a Lua script. It calls the script by SHA-1, and sends the whole script only if Redis
 * does not have it. Only generated modules call this (docs/adr/0036-lua-files.md).
 */
export function defineScript<Keys extends object, Args extends object, Result>(
  source: ScriptSource,
): Script<Keys, Args, Result> {
  const { lua } = source;
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (redis, namedKeys, namedArgs: object = {}) => {
    const keys = inOrder(source.keys, namedKeys as Record<string, Given>) as string[];
    const args = inOrder(source.args, namedArgs as Record<string, Given>);
    try {
      return (await redis.evalsha(sha, keys.length, ...keys, ...args)) as Result;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(lua, keys.length, ...keys, ...args)) as Result;
    }
  };
}

/** Values in the order of their names. Throws for a missing value, which would shift all following ones. */
function inOrder(entries: readonly Entry[], given: Record<string, Given>): ScriptArgument[] {
  const values: ScriptArgument[] = [];
  for (const entry of entries) {
    if (typeof entry === 'string') {
      values.push(valueNamed(given, entry));
    } else if (entry.fields === undefined) {
      for (const value of listOf<ScriptArgument>(given, entry.list)) values.push(value);
    } else {
      for (const record of listOf<Record<string, ScriptArgument>>(given, entry.list))
        for (const field of entry.fields) values.push(valueNamed(record, field));
    }
  }
  return values;
}

function listOf<Item>(given: Record<string, Given>, name: string): readonly Item[] {
  if (given[name] === undefined) throw new Error(`a script is called without ${name}`);
  return given[name] as unknown as readonly Item[];
}

function valueNamed(given: Record<string, Given>, name: string): ScriptArgument {
  const value = given[name];
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === undefined || value === null) throw new Error(`a script is called without ${name}`);
  return value as ScriptArgument;
}

/** A constant as Lua. Throws for a text that would need escapes. */
export function literal(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (!/^[\w:.{}-]*$/.test(value)) throw new Error(`${value} is no constant for a script`);
  return `'${value}'`;
}
