import type { RedisClient } from '../redis/connect.js';
import { extendScript, shareScript } from '../redis/patches/script-set.js';
import { indexEndedScript } from './index-ended.script.js';
import { wakeAfterHandBackScript } from './wake-after-hand-back.script.js';
import { WITHDRAW } from './withdraw.js';
import { withdrawTaskScript } from './withdraw-task.script.js';

/**
 * Wraps BullMQ's scripts that end, hand back and remove jobs. Our rules need the same atomic step: to update
 * the index of tasks (task-index.lua), and to withdraw only tasks that nobody holds. Tasks are added by our
 * own script (add-tasks.lua). Throws as extendScript does.
 */
export function extendScripts(redis: RedisClient): void {
  extendScript(redis, /^moveToFinished:/, (lua) => indexEndedScript(withoutToldResults(lua)));
  extendScript(redis, /^moveJobFromActiveToWait:/, wakeAfterHandBackScript);
  extendScript(redis, /^removeJob:/, withdrawTaskScript, WITHDRAW);
}

/** Gives another connection the command that withdraws tasks. BullMQ defines its scripts only on `redis`. */
export const shareWithdraw = (redis: RedisClient, other: RedisClient): void =>
  shareScript(redis, other, WITHDRAW);

/** The part of BullMQ's script that writes results and errors into its event stream. */
const TOLD_RESULT = ', ARGV[3], ARGV[4], "prev", "active")';

/**
 * Removes results from BullMQ's event stream: nobody reads them there, and they would outlive an erased task.
 * BullMQ has no option for it (https://github.com/taskforcesh/bullmq/issues/366). Throws if this version of
 * BullMQ contains different code.
 */
function withoutToldResults(lua: string): string {
  if (lua.split(TOLD_RESULT).length !== 2)
    throw new Error('BullMQ publishes results in a way that this version of AgentHook does not know.');
  return lua.replace(TOLD_RESULT, ', "prev", "active")');
}
