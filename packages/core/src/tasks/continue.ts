import { COPIED, type ContinueBody, iso, type LogEntry } from '@agenthook/contracts';
import { checkModels } from '../agents/config-checks.js';
import { readConfig } from '../agents/read-agent.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { CONTINUED_BY_FIELD } from '../queue/job.js';
import { beginningOf, journalToContinue, stepsIn } from './copied-journal.js';
import { withOverrides } from './overrides.js';
import { type MadeTask, readOrigin, taskAgain } from './task-again.js';
import { readTaskLog } from './task-log.js';

/**
 * Creates a task that goes on where another one ended. Its journal begins with the turns and calls that the
 * other one finished; they are not made again. It runs the agent's current version.
 *
 * Throws `unknown_task`, `task_not_finished`, `unknown_model`, `unknown_price`, and what taskAgain throws.
 *
 * @param key the request's Idempotency-Key, which makes one task of several tries
 */
export async function continueTask(
  ctx: Context,
  taskId: string,
  body: ContinueBody,
  key?: string,
): Promise<MadeTask> {
  const origin = await readOrigin(ctx, taskId);
  if (!origin.hasEnded)
    throw new AppError('task_not_finished', 'The task has not ended, so it cannot be continued yet.');
  const { limits, model } = body;
  const note = body.note?.trim();
  if (model !== undefined || limits !== undefined) await checkOverrides(ctx, origin.data.agent_id, body);

  const journal = journalToContinue(await readTaskLog(ctx, origin.shard, taskId));
  const overrides = { ...(limits && { limits }), ...(model !== undefined && { model }) };
  return await taskAgain(ctx, origin, {
    version: 'current',
    trigger: 'continue',
    listedIn: CONTINUED_BY_FIELD,
    data: {
      continued_from: taskId,
      ...beginningOf(origin, journal),
      ...(Object.keys(overrides).length > 0 && { overrides }),
      ...(note && { note }),
    },
    journal: [...journal, aboutContinuing(ctx, taskId, stepsIn(journal), note)],
    maxAttempts: limits?.max_attempts,
    once: key === undefined ? undefined : { key, call: ['continue', taskId, body] },
  });
}

async function checkOverrides(ctx: Context, agentId: string, { limits, model }: ContinueBody): Promise<void> {
  const agent = await readConfig(ctx, agentId);
  if (!agent) throw unknownAgent(agentId);
  checkModels(
    withOverrides(agent.config, { ...(limits && { limits }), ...(model !== undefined && { model }) }),
    ctx.models,
  );
}

function aboutContinuing(ctx: Context, taskId: string, steps: number, note: string | undefined): LogEntry {
  const told = note ? ` The model was told: ${note}` : '';
  const text = `Continues run ${taskId}; ${steps} of its steps were copied.${told}`;
  return { type: 'note', at: iso(ctx.now()), attempt: COPIED, text };
}
