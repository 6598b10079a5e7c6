import type { Context } from '../context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { inBatches } from '../redis/in-batches.js';
import { keys } from '../redis/keys.js';
import { STOPPED } from '../stats/counters.js';
import { noteOutcomesScript } from './note-outcomes.script.js';

const AT_ONCE = 100;

/**
 * Notes how a task ended, for rules about the first failure. Batches the ends of one turn of the event loop.
 * Tests by people do not count, nor does what was stopped.
 */
export function createOutcomeNotes(ctx: Context): (ended: EndedTask) => Promise<void> {
  const note = inBatches((ends: EndedTask[]) => noteAll(ctx, ends), { items: AT_ONCE });
  return async (ended) => {
    if (ended.draft || ended.trigger === 'test' || STOPPED.has(ended.summary.code)) return;
    await note(ended);
  };
}

async function noteAll(ctx: Context, ends: EndedTask[]): Promise<undefined[]> {
  await noteOutcomesScript(
    ctx.redis,
    { rules: keys.alertRules, failing: keys.failing },
    {
      prefix: keys.agentPrefix,
      ends: ends.map(({ agent_id, finished_ms, task_id, status, summary }) => ({
        agent: agent_id,
        at: finished_ms,
        task: task_id,
        code: status === 'SUCCESS' ? '' : (summary.code ?? 'internal'),
      })),
    },
  );
  return ends.map(() => undefined);
}
