import type { Redis } from 'ioredis';

/** The scripts that ioredis keeps for a client, by the name of their command. */
interface ScriptSet {
  scriptsSet: Record<string, { lua: string; numberOfKeys: number }>;
}

const MARK = '-- extended by AgentHook\n';

/**
 * Redefines the one script of BullMQ whose command is named like `like`, or defines `newName` beside it, as `around` makes it
 * of the Lua. A script that was redefined already stays as it is. To be called once a queue on `redis` is ready.
 *
 * Reaches into `scriptsSet`: BullMQ neither exports its scripts nor has hooks in them
 * (https://github.com/taskforcesh/bullmq/issues/2980). Throws where not exactly one command is named so: refusing to start is
 * better than losing a rule unnoticed.
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

/** Gives another connection a command that extendScript defined: scripts belong to one client. */
export function shareScript(redis: Redis, other: Redis, name: string): void {
  const script = (redis as unknown as ScriptSet).scriptsSet[name];
  if (script && other !== redis)
    other.defineCommand(name, { lua: script.lua, numberOfKeys: script.numberOfKeys });
}

/** The function of a command that extendScript defined under a new name. */
export const commandOf = <Run extends (...args: never[]) => unknown>(redis: Redis, name: string): Run =>
  (redis as unknown as Record<string, Run>)[name]?.bind(redis) as Run;
