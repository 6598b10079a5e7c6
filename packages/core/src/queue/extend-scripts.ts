import type { RedisClient } from '../redis/connect.js';
import { extendScript, shareScript } from '../redis/patches/script-set.js';
import { indexEnded, unindexRemoved } from './index-scripts.js';
import { CONDITION, WITHDRAW } from './withdraw.js';

/**
 * Puts rules of ours around BullMQ's scripts that end, hand back and remove jobs, because only Redis can decide them in the
 * same step: what the index of tasks says (index-scripts.ts), and that a task which somebody has is not withdrawn. Tasks are
 * added by a script of our own (add-tasks.ts). Throws as extendScript does.
 */
export function extendScripts(redis: RedisClient): void {
  extendScript(redis, /^moveToFinished:/, indexEnded);
  extendScript(redis, /^moveJobFromActiveToWait:/, wakeAfterHandBack);
  extendScript(redis, /^removeJob:/, (lua) => CONDITION + unindexRemoved(lua), WITHDRAW);
}

/** Gives another connection the command that withdraws tasks: BullMQ's scripts are those of `redis` alone. */
export const shareWithdraw = (redis: RedisClient, other: RedisClient): void =>
  shareScript(redis, other, WITHDRAW);

/**
 * Wakes a worker for a job that was handed back. BullMQ does so only for its plain list: a job with a priority would wait
 * until an idle worker looks again by itself, five seconds later. KEYS[8] is the marker that workers block on. No issue of
 * BullMQ describes it (looked for: "moveJobFromActiveToWait prioritized marker", "moveToWait worker not woken").
 */
const wakeAfterHandBack = (lua: string): string => `
local function handBack() ${lua}
end
local result = handBack()
if result >= 0 then redis.call('ZADD', KEYS[8], 0, '0') end
return result`;
