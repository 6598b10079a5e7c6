import { VERSION } from '@agenthook/contracts';
import { archiveBacklog } from '../../archiving/archive-backlog.js';
import type { Context } from '../../context.js';
import { keys, taskPrefix } from '../../redis/keys.js';
import { checkClocks } from '../../stats/check-clocks.js';
import { NANO } from '../../stats/counters.js';
import { liveProcesses } from '../../stats/heartbeat.js';
import { countDisabledScript } from '../../stats/metrics/count-disabled.script.js';
import type { Family } from '../../stats/metrics/exposition.js';
import { readLoads } from '../../stats/metrics/read-metrics.js';
import { redisMemory } from '../../stats/metrics/redis-memory.js';
import { retainedScript } from '../../stats/metrics/retained.script.js';
import { queueDepth, readTotals } from '../../stats/queue-depth.js';
import { oldestInLineScript } from './oldest-in-line.script.js';
import { waitingTasks } from './waiting-tasks.js';

/** How many agents are looked at for disabled callbacks. */
const MOST_AGENTS = 5_000;

type Samples = number | Family['samples'];
const family = (type: 'gauge' | 'counter', name: string, help: string, value: Samples): Family => ({
  name,
  type,
  help,
  samples: typeof value === 'number' ? [{ value }] : value,
});
const gauge = (name: string, help: string, value: Samples) => family('gauge', name, help, value);
const counter = (name: string, help: string, value: Samples) => family('counter', name, help, value);

/** The state of the installation, as it is now. */
export async function readGauges(ctx: Context): Promise<Family[]> {
  const processes = await liveProcesses(ctx);
  const [tasks, ofWorkers, callbacks, store] = await Promise.all([
    taskGauges(ctx),
    processGauges(ctx, processes),
    callbackGauges(ctx),
    storeGauges(ctx),
  ]);
  return [...tasks, ...ofWorkers, ...callbacks, ...store, ...totalsOf(await readTotals(ctx))];
}

async function taskGauges(ctx: Context): Promise<Family[]> {
  const [queue, waiting] = await Promise.all([queueDepth(ctx), waitingTasks(ctx)]);
  const reasons = [...waiting].map(([reason, { count, oldestMs }]) => ({
    labels: { reason },
    count,
    age: Math.max(0, ctx.now() - oldestMs) / 1000,
  }));
  return [
    gauge('tasks_pending', 'Tasks waiting to start.', queue.pending),
    gauge('tasks_started', 'Tasks that have started and not ended.', queue.started),
    gauge(
      'tasks_waiting',
      'Tasks that do not run, by the kind of their `waiting_for`.',
      reasons.map(({ labels, count }) => ({ labels, value: count })),
    ),
    gauge(
      'tasks_waiting_oldest_seconds',
      'How long ago the oldest of them was created.',
      reasons.map(({ labels, age }) => ({ labels, value: age })),
    ),
  ];
}

async function processGauges(
  ctx: Context,
  processes: Awaited<ReturnType<typeof liveProcesses>>,
): Promise<Family[]> {
  const loads = await readLoads(
    ctx,
    processes.map(({ id }) => id),
  );
  const workers = processes.filter(({ kind }) => kind === 'worker');
  const sum = (field: 'slots' | 'taken' | 'bytes') =>
    loads.reduce((total, load) => total + (load[field] ?? 0), 0);
  const byKind = (field: 'lag_ms' | 'rss_bytes', scale: number) =>
    (['api', 'worker'] as const).flatMap((kind) => {
      const values = loads.filter((load) => load.kind === kind).map((load) => load[field] / scale);
      return values.length > 0 ? [{ labels: { kind }, value: Math.max(...values) }] : [];
    });
  return [
    gauge('workers', 'Workers that reported in the last 15 seconds.', workers.length),
    gauge(
      'processes',
      'Processes that reported in the last 15 seconds.',
      (['api', 'worker'] as const).map((kind) => ({
        labels: { kind },
        value: processes.filter((each) => each.kind === kind).length,
      })),
    ),
    gauge('slots', 'Tasks that all workers can run at once.', sum('slots')),
    gauge('slots_taken', 'Slots that are taken.', sum('taken')),
    gauge('payload_bytes_in_flight', 'Payloads that workers hold.', sum('bytes')),
    gauge(
      'event_loop_lag_seconds',
      'How late the event loop was, 99 of 100 times: the worst process.',
      byKind('lag_ms', 1000),
    ),
    gauge('process_memory_bytes', 'Resident memory: the largest process.', byKind('rss_bytes', 1)),
    gauge(
      'clock_skew_seconds',
      "The largest difference between a process's clock and Redis's, in seconds.",
      checkClocks(ctx, processes).skewSeconds,
    ),
    gauge(
      'dropped_log_lines',
      'Log lines that the live processes could not write since they started.',
      processes.reduce((total, each) => total + each.dropped_log_lines, 0),
    ),
    gauge('build_info', 'The version of the api that answers.', [
      { labels: { version: VERSION, node: process.versions.node }, value: 1 },
    ]),
  ];
}

async function callbackGauges(ctx: Context): Promise<Family[]> {
  let pending = 0;
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const shard of ctx.queues.keys()) {
    const prefix = keys.callbackPrefix(shard);
    const counts = await ctx.redis.hvals(keys.pendingDeliveries(shard));
    pending += counts.reduce((sum, count) => sum + Number(count), 0);
    const [, , oldest] = await oldestInLineScript(
      ctx.redis,
      { prioritized: `${prefix}delayed`, wait: `${prefix}wait`, active: `${prefix}active` },
      { prefix },
    );
    if (oldest !== null) oldestMs = Math.min(oldestMs, Number(oldest));
  }
  const disabled = await countDisabledScript(
    ctx.redis,
    { agents: keys.agents },
    { prefix: keys.agentPrefix, most: MOST_AGENTS },
  );
  const age = Number.isFinite(oldestMs) ? Math.max(0, ctx.now() - oldestMs) / 1000 : 0;
  return [
    gauge('callbacks_pending', 'Callback deliveries that have not ended.', pending),
    gauge('callbacks_oldest_seconds', 'The age of the oldest that waits for its next attempt.', age),
    gauge('callbacks_disabled', 'Agents whose callback was disabled after failures.', disabled),
  ];
}

async function storeGauges(ctx: Context): Promise<Family[]> {
  let [kept, bytes, outbox] = [0, 0, 0];
  for (const shard of ctx.queues.keys()) {
    const [count, size] = await retainedScript(
      ctx.redis,
      { completed: keys.completedJobs(shard), failed: keys.failedJobs(shard) },
      { prefix: taskPrefix(shard) },
    );
    kept += count;
    bytes += Number(size);
    outbox += await ctx.redis.zcard(keys.ended(shard));
  }
  const { used, max } = await redisMemory(ctx);
  const unarchived = await archiveBacklog(ctx);
  const ageMs = unarchived.oldestMs === undefined ? 0 : ctx.now() - unarchived.oldestMs;
  return [
    gauge('redis_memory_bytes', 'Memory that Redis uses.', used),
    gauge('redis_memory_max_bytes', "Redis's maxmemory; 0 for none.", max),
    gauge('retained_tasks', 'Finished tasks that are kept.', kept),
    gauge('retained_bytes', 'Their texts, estimated from some of them.', bytes),
    gauge(
      'archive_waiting_tasks',
      'Finished tasks that should be in the archive and are not.',
      unarchived.tasks,
    ),
    gauge(
      'archive_waiting_oldest_seconds',
      'How long ago the first of them ended.',
      Math.max(0, ageMs) / 1000,
    ),
    gauge(
      'archive_refused_tasks',
      'Finished tasks that the archive refused; they stay in Redis until they expire there.',
      unarchived.refused,
    ),
    gauge('outbox_tasks', 'Ends of tasks that have not been delivered yet.', outbox),
  ];
}

function totalsOf(totals: Record<string, number>): Family[] {
  const total = (field: string) => totals[field] ?? 0;
  return [
    counter('tasks_triggered_total', 'Tasks created.', total('triggered')),
    counter('tasks_succeeded_total', 'Tasks that ended SUCCESS.', total('succeeded')),
    counter('tasks_failed_total', 'Tasks that ended FAILURE.', total('failed')),
    counter('posts_rejected_total', 'Rejected requests to known webhooks.', total('rejected')),
    counter(
      'posts_filtered_total',
      'Events that did not run because of a filter or an ignored sender.',
      total('filtered'),
    ),
    counter('input_tokens_total', 'Input tokens of models.', total('input_tokens')),
    counter('output_tokens_total', 'Output tokens of models.', total('output_tokens')),
    counter('cost_dollars_total', 'Cost, as far as prices are known.', total('cost_nano') / NANO),
  ];
}
