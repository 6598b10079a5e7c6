import type { RedisClient } from '../redis/connect.js';
import { extendScript, shareScript } from '../redis/patches/script-set.js';
import { indexEndedScript } from './index-ended.script.js';
import { wakeAfterHandBackScript } from './wake-after-hand-back.script.js';
import { WITHDRAW } from './withdraw.js';
import { withdrawTaskScript } from './withdraw-task.script.js';

/**
 * Puts rules of ours around BullMQ's scripts that end, hand back and remove jobs, because only Redis can decide them in the
 * same step: what the index of tasks says (task-index.lua), and that a task which somebody has is not withdrawn. Tasks are
 * added by a script of our own (add-tasks.lua). Throws as extendScript does.
 */
export function extendScripts(redis: RedisClient): void {
  extendScript(redis, /^moveToFinished:/, (lua) => indexEndedScript(withoutToldResults(lua)));
  extendScript(redis, /^moveJobFromActiveToWait:/, wakeAfterHandBackScript);
  extendScript(redis, /^removeJob:/, withdrawTaskScript, WITHDRAW);
}

/** Gives another connection the command that withdraws tasks: BullMQ's scripts are those of `redis` alone. */
export const shareWithdraw = (redis: RedisClient, other: RedisClient): void =>
  shareScript(redis, other, WITHDRAW);

/** What BullMQ puts of a result, or of an error, into its stream of events. */
const TOLD_RESULT = ', ARGV[3], ARGV[4], "prev", "active")';

/**
 * A script of BullMQ's that leaves results out of its stream of events: nobody reads them there, and they would outlive an
 * erased task. BullMQ has no option for it (https://github.com/taskforcesh/bullmq/issues/366). Throws where this version of
 * BullMQ words it differently.
 */
function withoutToldResults(lua: string): string {
  if (lua.split(TOLD_RESULT).length !== 2)
    throw new Error('BullMQ tells of results in another way than this version of AgentHook knows.');
  return lua.replace(TOLD_RESULT, ', "prev", "active")');
}
