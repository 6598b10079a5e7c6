import type { LogEntry, StepLog } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { appendLogScript } from './append-log.script.js';
import { askScript } from './asking/ask.script.js';
import { readLogBeginningScript } from './read-log-beginning.script.js';

/** How much longer than results the journal is kept, in seconds, even if the task is never swept. */
const GRACE_SECONDS = 86_400;

/** How long a journal is kept after its last entry, in seconds. */
export const logSeconds = (ctx: Context): number => ctx.resultTtlSeconds + GRACE_SECONDS;

/** A call that has only started may be the one that kills its worker, so it does not count. */
const isFinishedStep = ({ type }: LogEntry): boolean =>
  type === 'prompt' || type === 'turn' || type === 'tool_finished';

/**
 * Another worker runs the task, or the journal contains entries that are not from this run. The run must end.
 */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

/** All entries of a task's journal, in order; empty if none exists yet. */
export async function readTaskLog(ctx: Context, shard: number, taskId: string): Promise<LogEntry[]> {
  const rows = await ctx.redis.xrange(keys.taskLog(shard, taskId), '-', '+');
  return rows.map(([, [, json]]) => parseJson(json ?? 'null') as LogEntry);
}

/** The entries of a task's journal up to a number of bytes, at least one, and whether more follow. */
export async function readLogBeginning(
  ctx: Context,
  shard: number,
  taskId: string,
  bytes: number,
): Promise<{ log: LogEntry[]; more: boolean }> {
  const log = keys.taskLog(shard, taskId);
  const [entries, more] = await readLogBeginningScript(ctx.redis, { log }, { mostBytes: bytes });
  return { log: entries.map((json) => parseJson(json) as LogEntry), more: more === 1 };
}

/**
 * Opens a task's journal for the run that holds its lock. An ask is appended alone, and becomes visible in
 * the task's status in the same step.
 *
 * @param fresh whether this is the very first start, so that no entries exist
 * @param onPassed given if the task lost its worker since its last finished step; called once it finishes one
 */
export async function openTaskLog(
  ctx: Context,
  task: { shard: number; id: string; token: string; fresh: boolean; onPassed?: (() => void) | undefined },
): Promise<StepLog> {
  const { shard, id } = task;
  const redisKeys = {
    log: keys.taskLog(shard, id),
    lock: keys.jobLock(shard, id),
    events: keys.queueEvents(shard),
    job: keys.job(shard, id),
  };
  const ttl = logSeconds(ctx);
  const { token } = task;
  const entries = task.fresh ? [] : await readTaskLog(ctx, shard, id);
  // Decisions come from outside, at any time.
  let known = entries.filter(({ type }) => type !== 'decided').length;
  let { onPassed } = task;
  const write = async (added: LogEntry[]): Promise<void> => {
    const hasPassed = onPassed !== undefined && added.some(isFinishedStep);
    const [first] = added;
    const json = added.map((entry) => JSON.stringify(entry));
    const written =
      first?.type === 'asked' && added.length === 1
        ? await askScript(
            ctx.redis,
            { ...redisKeys, asking: keys.asking(shard) },
            {
              id,
              token,
              ttl,
              known,
              call: first.call_id,
              expires: first.expires_ms,
              kind: first.kind,
              tool: first.name,
              entry: json[0] ?? '',
            },
          )
        : await appendLogScript(ctx.redis, redisKeys, { id, token, ttl, known, hasPassed, entries: json });
    if (written === 0)
      throw new LockLost(`task ${id} is another worker's, or Redis has lost some of its log`);
    known += added.length;
    if (!hasPassed) return;
    onPassed?.();
    onPassed = undefined;
  };
  let last: Promise<void> = Promise.resolve();
  return {
    entries,
    // One at a time, even for parallel tool calls, because each append must know the journal's length.
    append: (...added) => {
      const written = last.then(() => write(added));
      last = written.catch(() => {});
      return written;
    },
  };
}
