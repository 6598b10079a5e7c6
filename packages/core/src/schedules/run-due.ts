import type { Schedule } from '@agenthook/contracts';
import {
  lookAt,
  memberOf,
  partsOf,
  readState,
  restarted,
  type StoredSchedule,
} from '../agents/schedules/schedule-store.js';
import type { VersionCache } from '../agents/version-cache.js';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { taskStatus } from '../tasks/status.js';
import { afterEnd, afterFailure, endOf } from './after-run.js';
import { setState } from './change-state.js';
import { claimDueScript } from './claim-due.script.js';
import { decide } from './decide.js';
import { makeEvent, scheduledTaskId } from './make-event.js';
import { noteRunEnd } from './note-run-end.js';

const AT_ONCE = 50;
/** How long a process keeps schedules that it claimed, in ms. If it dies, another gets them after that. */
const CLAIM_MS = 5_000;
/** How long after the claim a task may be stored, in ms. */
const STORE_MS = 4_500;

/** A claimed schedule. */
interface Claim {
  agentId: string;
  scheduleId: string;
  schedule: Schedule;
  json: string;
  nowMs: number;
}

/**
 * Runs what is due, at most AT_ONCE schedules. Any number of processes may do this at the same time: a due
 * time has one task (scheduledTaskId), and the schedule moves on only after that task is stored. Returns
 * whether more may be due, and in how many ms the next one is; undefined if no schedule waits.
 */
export async function runDue(
  ctx: Context,
  versions: VersionCache,
): Promise<{ more: boolean; nextInMs: number | undefined }> {
  const [nowMs, next, ...rows] = await claimDueScript(
    ctx.redis,
    { due: keys.schedules },
    { prefix: keys.agentPrefix, most: AT_ONCE, claimMs: CLAIM_MS },
  );
  await Promise.all(
    rows.map(async ([member, version, json]) => {
      if (version === null || json === null) return;
      const { agentId, scheduleId } = partsOf(member);
      const config = await versions(agentId, Number(version));
      const schedule = config?.schedules?.find(({ id }) => id === scheduleId);
      // If the claim fails, it ends by itself, and some process tries again.
      if (schedule)
        await runOne(ctx, { agentId, scheduleId, schedule, json, nowMs }).catch((error) =>
          ctx.log.warn(
            { err: error, agent_id: agentId, schedule_id: scheduleId },
            'a schedule could not run; it will',
          ),
        );
    }),
  );
  return { more: rows.length > 0, nextInMs: next < 0 ? undefined : Math.max(0, next - nowMs) };
}

async function runOne(ctx: Context, claim: Claim): Promise<void> {
  const { agentId, scheduleId, schedule, nowMs } = claim;
  const stored = readState(ctx, memberOf(agentId, scheduleId), claim.json);
  if (!stored) {
    const state = restarted(schedule, nowMs);
    return void (await setState(ctx, claim, state, lookAt(state, nowMs)));
  }
  const end = stored.open === null ? undefined : endOf(await taskStatus(ctx, stored.open));
  const known = end ? afterEnd(stored, end, nowMs) : stored;
  if (known.paused) return void (await setState(ctx, claim, known, undefined));

  const { run, state } = decide(schedule, known, nowMs);
  if (run === undefined) return void (await setState(ctx, claim, state, lookAt(state, nowMs)));
  const taskId = await scheduledTaskId(ctx, agentId, scheduleId, run);
  // Redis's clock was set back, and this time has had its run, which may be in the archive by now.
  if (known.last && run <= known.last.due && (await taskStatus(ctx, taskId)))
    return void (await setState(ctx, claim, state, lookAt(state, nowMs)));
  const scheduled = { id: scheduleId, dueMs: run, taskId };
  const made = await makeEvent(ctx, agentId, schedule, scheduled, { storeByMs: nowMs + STORE_MS });
  if (made.outcome === 'unknown_agent') return;
  if (made.outcome === 'later')
    return void (await setState(ctx, claim, known, nowMs + made.afterSeconds * 1000));

  const { outcome } = made;
  const detail = made.outcome === 'refused' ? { detail: made.detail.slice(0, 300) } : {};
  const noted: StoredSchedule = { ...state, outcome: { outcome, due: run, ...detail } };
  if (made.outcome === 'ran') {
    const ran = { ...noted, open: made.task, last: { task: made.task, due: run } };
    if (!(await setState(ctx, claim, ran, lookAt(ran, nowMs)))) return;
    // A task that ended before its schedule knew of it.
    const early = endOf(await taskStatus(ctx, made.task));
    if (early) await noteRunEnd(ctx, { agentId, scheduleId, taskId: made.task, end: early });
    return;
  }
  const after = made.outcome === 'refused' ? afterFailure(noted, made.code, nowMs) : noted;
  await setState(ctx, claim, after, lookAt(after, nowMs));
}
