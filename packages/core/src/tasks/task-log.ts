import type { LogEntry, StepLog } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { readArchived } from '../archive/read-archived.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { appendLogScript } from './append-log.script.js';
import { askScript } from './asking/ask.script.js';
import { startChildScript } from './children/start-child.script.js';
import { readTexts } from './ended/ended-texts.js';
import { readFields } from './ended/read-fields.js';
import { measureSteps } from './metrics/measure-steps.js';

/** How much longer than results the journal is kept, in seconds, even if the task is never swept. */
const GRACE_SECONDS = 86_400;

/** How long a journal is kept after its last entry, in seconds. */
export const logSeconds = (ctx: Context): number => ctx.resultTtlSeconds + GRACE_SECONDS;

/** Larger entries are compressed while their task runs, in characters of JSON. */
const LARGE = 16 * 1024;

/** An entry as the journal has it. */
export const storedEntry = (ctx: Context, entry: LogEntry): Promise<string> =>
  ctx.seal.keep(JSON.stringify(entry), LARGE);

/** An entry that processes of the version before read, and lists by its size: never compressed. */
const plainEntry = (ctx: Context, entry: LogEntry): Promise<string> =>
  ctx.seal.keep(JSON.stringify(entry), Number.POSITIVE_INFINITY);

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
  const entries = rows.length > 0 ? rows.map(([, [, entry]]) => entry) : await readPacked(ctx, shard, taskId);
  return await Promise.all(
    entries.map(async (entry) => parseJson(await ctx.seal.read(entry ?? 'null')) as LogEntry),
  );
}

/** The entries of a journal that is stored with the result of its task. */
async function readPacked(ctx: Context, shard: number, taskId: string): Promise<string[]> {
  const results = await readFields(ctx, shard, taskId, 'finishedOn', 'returnvalue', 'failedReason');
  const [finishedOn, returnvalue, failedReason] = results;
  const stored = returnvalue ?? failedReason;
  if (!finishedOn || !stored) return [];
  const { log } = await readTexts(ctx, stored);
  // A journal that is too large for one text stands alone in the archive, too.
  const rows = log ?? (ctx.archive && (await readArchived(ctx, taskId))?.log) ?? [];
  return rows.map(([, json]) => json);
}

/**
 * Opens a task's journal for the run that holds its lock. An ask, or the beginning of a call of an agent, is
 * appended alone, and becomes visible in the task's status in the same step.
 *
 * @param fresh whether this is the very first start, so that no entries exist
 * @param onPassed given if the task lost its worker since its last finished step; called once it finishes one
 */
export async function openTaskLog(
  ctx: Context,
  task: {
    shard: number;
    id: string;
    token: string;
    fresh: boolean;
    /** Whose run it is, for the metrics of its steps. */
    agentId?: string;
    onPassed?: (() => void) | undefined;
  },
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
  const measure = measureSteps(ctx, task.agentId);
  let { onPassed } = task;
  const append = async (added: LogEntry[], hasPassed: boolean): Promise<0 | 1> => {
    const own = { id, token, ttl, known };
    const [first] = added;
    if (first?.type === 'tool_started' && first.child && added.length === 1) {
      const { task_id: child, expires_ms: expires } = first.child;
      const entry = await plainEntry(ctx, first);
      return await startChildScript(ctx.redis, redisKeys, {
        ...own,
        child,
        expires,
        tool: first.name,
        entry,
      });
    }
    const entries = await Promise.all(added.map((entry) => storedEntry(ctx, entry)));
    return await appendLogScript(ctx.redis, redisKeys, { ...own, hasPassed, entries });
  };
  const write = async (added: LogEntry[]): Promise<void> => {
    const hasPassed = onPassed !== undefined && added.some(isFinishedStep);
    const [first] = added;
    const written =
      first?.type === 'asked' && added.length === 1
        ? await askScript(
            ctx.redis,
            { ...redisKeys, asking: keys.asking(shard), asked: keys.asked(shard) },
            {
              id,
              token,
              ttl,
              known,
              call: first.call_id,
              expires: first.expires_ms,
              kind: first.kind,
              tool: first.name,
              entry: await plainEntry(ctx, first),
            },
          )
        : await append(added, hasPassed);
    if (written === 0)
      throw new LockLost(`task ${id} is another worker's, or Redis has lost some of its log`);
    known += added.length;
    measure(added);
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
