import type { RedisClient } from '../redis/connect.js';
import { indexEnded, unindexRemoved } from './index-scripts.js';
import { CONDITION, WITHDRAW } from './withdraw.js';

/** The scripts that ioredis keeps of a client, by the name of their command. */
interface ScriptSet {
  scriptsSet: Record<string, { lua: string; numberOfKeys: number }>;
}

const MARK = '-- extended by AgentHook\n';

/**
 * Puts rules of ours around BullMQ's scripts that end and remove jobs, because only Redis can decide them in the same step:
 * what the index of tasks says (index-scripts.ts), and that a task is not taken back that somebody has. Tasks are added by a
 * script of our own (add-tasks.ts).
 *
 * To be called once a queue on `redis` is ready. Throws where this version of BullMQ has other scripts: better not to start than to lose a guard unseen.
 */
export function extendScripts(redis: RedisClient): void {
  extend(redis, /^moveToFinished:/, 1, indexEnded);
  extend(redis, /^moveJobFromActiveToWait:/, 1, wakeAfterHandBack);
  extend(redis, /^removeJob:/, 1, (lua) => CONDITION + unindexRemoved(lua), WITHDRAW);
}

/** Gives another connection the command that withdraws tasks: BullMQ's scripts are those of `redis` alone. */
export function shareWithdraw(redis: RedisClient, other: RedisClient): void {
  const script = (redis as unknown as ScriptSet).scriptsSet[WITHDRAW];
  if (script && other !== redis)
    other.defineCommand(WITHDRAW, { lua: script.lua, numberOfKeys: script.numberOfKeys });
}

/**
 * Wakes a worker for a job that was handed back. BullMQ does so for its plain list alone: one with a priority would wait
 * until an idle worker looks again of itself, five seconds later. KEYS[8] is the marker that workers block on.
 */
const wakeAfterHandBack = (lua: string): string => `
local function handBack() ${lua}
end
local result = handBack()
if result >= 0 then redis.call('ZADD', KEYS[8], 0, '0') end
return result`;

/** Redefines the commands whose names are like this, or defines a new one beside them. */
function extend(
  redis: RedisClient,
  like: RegExp,
  count: number,
  around: (lua: string) => string,
  newName?: string,
): void {
  const { scriptsSet } = redis as unknown as ScriptSet;
  const found = Object.entries(scriptsSet).filter(([name]) => like.test(name));
  if (found.length !== count)
    throw new Error('BullMQ keeps its jobs in another way than this version of AgentHook knows.');
  for (const [name, { lua, numberOfKeys }] of found) {
    if (!lua.startsWith(MARK))
      redis.defineCommand(newName ?? name, { lua: MARK + around(lua), numberOfKeys });
  }
}
