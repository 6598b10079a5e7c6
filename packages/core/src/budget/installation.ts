import { type BudgetBody, type BudgetState, parseModel, type SavedBudget } from '@agenthook/contracts';
import { unpricedTurns } from '../agents/checks/agent-warnings.js';
import { checkBudget, completeBudget, setLimits } from '../agents/complete-budget.js';
import { listAgents } from '../agents/list-agents.js';
import type { Context } from '../context.js';
import { SPEND } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { installationBudget } from './read-budgets.js';

/** How many agents are looked at for models without a price, and how many warnings are given. */
const MOST_AGENTS = 1_000;
const MOST_WARNINGS = 20;

/**
 * Sets the budget of the installation; null removes it. It holds from the next trigger and turn on. Throws
 * `invalid_request` for a budget without a limit.
 */
export async function saveInstallationBudget(ctx: Context, { budget }: BudgetBody): Promise<SavedBudget> {
  const complete = completeBudget(budget);
  checkBudget(complete, '/budget');
  if (complete) await ctx.redis.set(keys.budget, JSON.stringify(setLimits(complete)));
  else await ctx.redis.multi().del(keys.budget).hdel(keys.spend, SPEND.begun).exec();
  const state = await installationBudget(ctx);
  return { ...state, warnings: limitsUsd(state) ? await priceWarnings(ctx) : [] };
}

const limitsUsd = ({ budget }: BudgetState): boolean =>
  budget !== null && (budget.per_day_usd !== null || budget.per_month_usd !== null);

/** The models without a price that agents use, each with one of them. Looks at the newest agents. */
async function priceWarnings(ctx: Context): Promise<SavedBudget['warnings']> {
  const found = new Map<string, SavedBudget['warnings'][number]>();
  let cursor: string | undefined;
  for (let seen = 0; seen < MOST_AGENTS && found.size < MOST_WARNINGS; ) {
    const page = await listAgents(ctx, { limit: 100, ...(cursor !== undefined && { cursor }) });
    for (const { id, model, fallback_models } of page.agents) {
      for (const name of [model, ...fallback_models]) {
        if (ctx.models.priceOf(name) !== undefined || parseModel(name) === undefined) continue;
        const detail = `Limits in USD do not hold for ${unpricedTurns(name)}`;
        if (!found.has(name)) found.set(name, { code: 'unknown_price', model: name, agent_id: id, detail });
      }
    }
    seen += page.agents.length;
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  return [...found.values()].slice(0, MOST_WARNINGS);
}
