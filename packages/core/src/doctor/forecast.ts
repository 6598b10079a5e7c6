import { HOUR_MS, hourOf } from '../queue/hour.js';
import type { RedisClient } from '../redis/connect.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { type Finding, findingsOf, sizeText } from './finding.js';

/** From how many stored tasks on their size in Redis is measured. */
const ENOUGH_TASKS = 100;
/** What a small task takes in Redis, in bytes, where there are too few to measure (ADR 46). */
const SMALL_TASK_BYTES = 3_000;
/** How far back the rate of tasks is measured, in hours. */
const LOOK_BACK_HOURS = 24;
/** The share of the limit from which we warn: Redis needs room to rewrite its file. */
const NEARLY = 0.7;

/** What the forecast reads from INFO, in bytes. */
export interface MemoryInfo {
  used: number;
  startup: number;
  /** maxmemory, or the machine's memory if there is none; 0 if neither is known. */
  limit: number;
  hasMaxmemory: boolean;
}

/**
 * Says how much memory Redis will need once it holds as many tasks as the retention lets it keep, if tasks go
 * on arriving as in the last day.
 *
 * @param retentionSeconds how long finished tasks are kept
 * @param nowMs Redis's time
 */
export async function forecastMemory(
  redis: RedisClient,
  memory: MemoryInfo,
  retentionSeconds: number,
  nowMs: number,
): Promise<Finding> {
  const { ok, info, warning, error } = findingsOf('forecast');
  const statuses = ['PENDING', 'STARTED', 'SUCCESS', 'FAILURE'] as const;
  const counts = await Promise.all(
    statuses.map((status) => redis.zcard(keys.taskIndex(0, ALL_AGENTS, status))),
  );
  const tasks = counts.reduce((sum, count) => sum + count, 0);
  const perHour = await arrivalsPerHour(redis, nowMs);
  const stored = Math.max(0, memory.used - memory.startup);
  if (perHour === 0)
    return info(`No task arrived in the last ${LOOK_BACK_HOURS} h, so nothing can be forecast.`);
  const perTask = tasks >= ENOUGH_TASKS ? stored / tasks : SMALL_TASK_BYTES;
  const kept = Math.round((perHour * retentionSeconds) / 3600);
  const needed = memory.startup + Math.max(stored, kept * perTask);
  const measured = tasks >= ENOUGH_TASKS ? 'measured' : 'assumed, as there are too few to measure';
  const line =
    `${Math.round(perHour)} tasks arrive in an hour and are kept for ${retentionSeconds} s: about ${kept} tasks ` +
    `of ${sizeText(Math.round(perTask))} each (${measured}), ${sizeText(needed)} in all.`;
  if (memory.limit === 0) return info(line);
  const limit = `${memory.hasMaxmemory ? 'maxmemory' : "the machine's memory"} of ${sizeText(memory.limit)}`;
  const action =
    `Raise the memory of Redis to at least ${sizeText(needed / NEARLY)}, lower RESULT_TTL_SECONDS for all ` +
    'processes, or give agents a shorter retention.';
  if (needed > memory.limit) {
    const hours = Math.max(0, (memory.limit - memory.used) / (perHour * perTask));
    return error(`${line} That is more than ${limit}, which is full in about ${hours.toFixed(1)} h.`, action);
  }
  if (needed > memory.limit * NEARLY) return warning(`${line} That is nearly ${limit}.`, action);
  return ok(`${line} That fits into ${limit}.`);
}

async function arrivalsPerHour(redis: RedisClient, nowMs: number): Promise<number> {
  const last = hourOf(nowMs);
  const hours = Array.from({ length: LOOK_BACK_HOURS }, (_, n) => last - LOOK_BACK_HOURS + 1 + n);
  const counts = await Promise.all(
    hours.map((hour) => redis.hget(keys.stats(0, ALL_AGENTS, hour), 'triggered')),
  );
  const first = counts.findIndex((count) => count !== null);
  if (first < 0) return 0;
  const sum = counts.reduce((total, count) => total + Number(count ?? 0), 0);
  // An installation of half an hour says little about a day, so a part of an hour counts as a whole one.
  const span = (nowMs - (hours[first] ?? last) * HOUR_MS) / HOUR_MS;
  return sum / Math.max(1, span);
}
