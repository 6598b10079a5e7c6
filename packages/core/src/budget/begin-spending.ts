import type { Context } from '../context.js';
import { DAY_MS, NANO_USD } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { readStats } from '../stats/read-stats.js';
import { beginSpendingScript } from './begin-spending.script.js';

/**
 * Lets a budget that was just set begin with what the tasks that ended this day and this month have spent.
 *
 * @param agentId undefined: all agents, for the budget of the installation
 */
export async function beginSpending(ctx: Context, agentId: string | undefined): Promise<void> {
  const now = ctx.now();
  const today = now - (now % DAY_MS);
  const date = new Date(now);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const agents = agentId === undefined ? undefined : [agentId];
  const since = async (fromMs: number) =>
    (await readStats(ctx, { fromMs, toMs: now + 1, stepHours: 24 }, agents)).totals;
  const [ofDay, ofMonth] = [await since(today), await since(month)];
  await beginSpendingScript(
    ctx.redis,
    { key: agentId === undefined ? keys.spend : keys.agentSpend(agentId) },
    {
      dayTokens: ofDay.input_tokens + ofDay.output_tokens,
      dayNano: Math.round(ofDay.cost_usd * NANO_USD),
      monthNano: Math.round(ofMonth.cost_usd * NANO_USD),
      readMs: now,
    },
  );
}
