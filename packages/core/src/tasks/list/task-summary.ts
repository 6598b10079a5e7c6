import { iso, isoOrNull, type TaskSummary } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import type { EndSummary } from '../../queue/ended-task.js';
import { FIRST_STARTED_FIELD, OPTIONS_FIELD, SUMMARY_FIELD, storedOptions } from '../../queue/job.js';
import { keys } from '../../redis/keys.js';
import { defineScript } from '../../redis/script.js';
import { attemptOf, statusOf } from '../status.js';

type Row = [string[], hasResult: 0 | 1, delayed: string | null];

/** The small fields of jobs (KEYS from 2; their ids are ARGV), and where they stand in the delayed set (KEYS[1]). */
const readScript = defineScript<Row[]>(`
local rows = {}
for n, id in ipairs(ARGV) do
  local job = KEYS[n + 1]
  local fields = redis.call('HMGET', job, 'timestamp', '${OPTIONS_FIELD}', '${FIRST_STARTED_FIELD}',
    'finishedOn', 'atm', '${SUMMARY_FIELD}')
  rows[n] = { fields, redis.call('HEXISTS', job, 'returnvalue'), redis.call('ZSCORE', KEYS[1], id) }
end
return rows`);

/** Reads tasks of one shard in few words, without payload or result; undefined for those that are gone. */
export async function readSummaries(
  ctx: Context,
  shard: number,
  ids: readonly string[],
): Promise<(TaskSummary | undefined)[]> {
  if (ids.length === 0) return [];
  const redisKeys = [keys.delayedJobs(shard), ...ids.map((id) => keys.job(shard, id))];
  const rows = await readScript(ctx.redis, redisKeys, [...ids]);
  return rows.map((row, index) => summaryOf(ids[index] ?? '', row));
}

function summaryOf(id: string, [fields, hasResult, delayed]: Row): TaskSummary | undefined {
  const [timestamp, options, firstStartedOn, finishedOn, made, ended] = fields;
  const { about, attempts = 1 } = storedOptions(options);
  if (!timestamp || !about) return undefined;
  const status = statusOf({ firstStartedOn, finishedOn, returnvalue: hasResult === 1 ? 'yes' : null });
  const startedMs = firstStartedOn ? Number(firstStartedOn) : null;
  const finishedMs = finishedOn ? Number(finishedOn) : null;
  const end = ended ? (JSON.parse(ended) as EndSummary) : undefined;
  return {
    task_id: id,
    agent_id: about.agent,
    agent_version: about.version,
    status,
    trigger: about.trigger,
    idempotency_key: about.key ?? null,
    replay_of: about.replay_of ?? null,
    created_at: iso(Number(timestamp)),
    started_at: isoOrNull(startedMs),
    finished_at: isoOrNull(finishedMs),
    attempt: attemptOf(status, status === 'STARTED' && delayed !== null, Number(made ?? 0)),
    max_attempts: attempts,
    duration_ms: finishedMs !== null && startedMs !== null ? Math.max(0, finishedMs - startedMs) : null,
    error_code: end?.code ?? null,
    model: end?.model ?? null,
    steps: end?.steps ?? null,
    total_tokens: end ? end.input_tokens + end.output_tokens : null,
    cost_usd: end?.cost_usd ?? null,
  };
}
