import type { Context } from '../context.js';
import type { EndedTask } from '../queue/ended-task.js';
import { NANO_USD } from '../queue/spend-hash.js';
import { inBatches } from '../redis/in-batches.js';
import { AGENT_SPEND, keys } from '../redis/keys.js';
import { endSpendingScript } from './end-spending.script.js';
import { tellNotices } from './notices.js';

const AT_ONCE = 100;
/** The agent's id, and a notice of five parts (notices.ts). */
const PARTS = 6;

/**
 * Counts what an ended task has spent and was not counted before, and frees what it has reserved: what a dead
 * worker left behind. Does nothing for a task that no budget counted. Batches the ends of one turn of the
 * event loop.
 */
export function createEndSpending(ctx: Context): (ended: EndedTask) => Promise<void> {
  return inBatches((ends: EndedTask[]) => endAll(ctx, ends), { items: AT_ONCE });
}

async function endAll(ctx: Context, ends: EndedTask[]): Promise<undefined[]> {
  const notices = await endSpendingScript(
    ctx.redis,
    { budget: keys.budget, ownSpend: keys.spend, spending: keys.spending },
    {
      prefix: keys.agentPrefix,
      suffix: AGENT_SPEND,
      tasks: ends.map(({ task_id, summary: { input_tokens, output_tokens, cost_usd } }) => ({
        id: task_id,
        tokens: input_tokens + output_tokens,
        nano: cost_usd === null ? '' : Math.round(cost_usd * NANO_USD),
      })),
    },
  );
  for (let n = 0; n < notices.length; n += PARTS)
    tellNotices(ctx, notices[n] ?? '', notices.slice(n + 1, n + PARTS));
  return ends.map(() => undefined);
}
