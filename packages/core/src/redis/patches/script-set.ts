import type { Redis } from 'ioredis';

/** The scripts that ioredis keeps for a client, by command name. */
interface ScriptSet {
  scriptsSet: Record<string, { lua: string; numberOfKeys: number }>;
}

const MARK = '-- extended by AgentHook\n';

/**
 * Replaces the one BullMQ script whose command matches `like` with `around` of its Lua, or defines the result
 * as `newName`. Skips a script that was already replaced. Call it once a queue on `redis` is ready.
 *
 * Reaches into `scriptsSet`: BullMQ neither exports its scripts nor has hooks in them
 * (https://github.com/taskforcesh/bullmq/issues/2980). Throws unless exactly one command matches: refusing to
 * start is better than losing a rule unnoticed.
 */
export function extendScript(
  redis: Redis,
  like: RegExp,
  around: (lua: string) => string,
  newName?: string,
): void {
  const { scriptsSet } = redis as unknown as ScriptSet;
  const [found, ...others] = Object.entries(scriptsSet ?? {}).filter(([name]) => like.test(name));
  if (found === undefined || others.length > 0)
    throw new Error('BullMQ keeps its jobs in another way than this version of AgentHook knows.');
  const [name, { lua, numberOfKeys }] = found;
  if (!lua.startsWith(MARK)) redis.defineCommand(newName ?? name, { lua: MARK + around(lua), numberOfKeys });
}

/** Gives another connection a command that extendScript defined. Scripts belong to one client. */
export function shareScript(redis: Redis, other: Redis, name: string): void {
  const script = (redis as unknown as ScriptSet).scriptsSet[name];
  if (script && other !== redis)
    other.defineCommand(name, { lua: script.lua, numberOfKeys: script.numberOfKeys });
}

/** The function of a command that extendScript defined under a new name. */
export const commandOf = <Run extends (...args: never[]) => unknown>(redis: Redis, name: string): Run =>
  (redis as unknown as Record<string, Run>)[name]?.bind(redis) as Run;
