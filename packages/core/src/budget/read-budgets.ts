import {
  type Budget,
  type BudgetLimit,
  type BudgetState,
  iso,
  isoOrNull,
  type LimitUse,
  type Spend,
} from '@agenthook/contracts';
import { completeBudget } from '../agents/complete-budget.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { NANO_USD } from '../queue/spend-hash.js';
import { keys } from '../redis/keys.js';
import { type RowKind, readRow } from '../redis/stored-row.js';
import { readSpendScript } from './read-spend.script.js';
import { readStanding } from './standing.js';

type Row = [budget: string, spend: string[], limits: string[]];

/** The budget of the installation, and what is spent of it. */
export async function installationBudget(ctx: Context): Promise<BudgetState> {
  // A budget that was just set begins with what was spent before it. No agent has this id.
  await readStanding(ctx, 'none');
  const [row] = await readSpendScript(ctx.redis, { keys: [keys.budget, keys.spend] }, { isAgent: false });
  return { scope: 'installation', ...useOf(ctx, 'installation', row) };
}

/** An agent's budget, and what is spent of it. Throws `unknown_agent`. */
export async function agentBudget(ctx: Context, agentId: string): Promise<BudgetState> {
  const { exists } = await readStanding(ctx, agentId);
  if (!exists) throw unknownAgent(agentId);
  const [state] = await statesOf(ctx, [agentId]);
  if (!state) throw unknownAgent(agentId);
  return state;
}

/** A page of agents that have a budget, in the order of their creation. */
export async function listBudgets(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ agents: BudgetState[]; next_cursor: string | null }> {
  const from = cursor === undefined ? '-' : `(${cursor}`;
  const found = await ctx.redis.zrangebylex(keys.budgetedAgents, from, '+', 'LIMIT', 0, limit + 1);
  const ids = found.slice(0, limit);
  return {
    agents: await statesOf(ctx, ids),
    next_cursor: found.length > limit ? (ids.at(-1) ?? null) : null,
  };
}

/** The budgets of agents that have one, and what is spent of each. */
export async function budgetsOf(ctx: Context, ids: readonly string[]): Promise<BudgetState[]> {
  return (await statesOf(ctx, ids)).filter(({ budget }) => budget !== null);
}

async function statesOf(ctx: Context, ids: readonly string[]): Promise<BudgetState[]> {
  if (ids.length === 0) return [];
  const places = ids.flatMap((id) => [keys.agent(id), keys.agentSpend(id)]);
  const rows = await readSpendScript(ctx.redis, { keys: places }, { isAgent: true });
  return ids.map((id, n) => ({ scope: 'agent', agent_id: id, ...useOf(ctx, id, rows[n]) }));
}

export const BUDGET_ROW: RowKind<Budget> = {
  name: 'budget',
  fields: {
    per_day_usd: 'number?',
    per_month_usd: 'number?',
    per_day_tokens: 'number?',
    on_limit: 'string?',
  },
};

function useOf(
  ctx: Context,
  id: string,
  [budget, spend, limits]: Row = ['', [], []],
): Pick<BudgetState, 'budget' | 'spend' | 'limits'> {
  const stored = budget === '' ? undefined : readRow(ctx, BUDGET_ROW, budget, id);
  return {
    budget: stored ? completeBudget(stored) : null,
    spend: budget === '' ? null : spendOf(spend),
    limits: limitsOf(limits),
  };
}

function spendOf(counts: string[]): Spend {
  const [dayTokens = 0, dayNano = 0, unpriced = 0, monthNano = 0, heldTokens = 0, heldNano = 0] =
    counts.map(Number);
  return {
    day_usd: dayNano / NANO_USD,
    month_usd: monthNano / NANO_USD,
    day_tokens: dayTokens,
    reserved_usd: heldNano / NANO_USD,
    reserved_tokens: heldTokens,
    unpriced_turns: unpriced,
  };
}

/** What a row has of one limit: name, used, maximum, end, level and time it was told. */
const PARTS = 6;

function limitsOf(parts: string[]): LimitUse[] {
  return Array.from({ length: parts.length / PARTS }, (_, nth) => {
    const [limit, used, max, ends, level, at] = parts.slice(nth * PARTS, (nth + 1) * PARTS);
    const unit = limit?.endsWith('_usd') ? NANO_USD : 1;
    return {
      limit: limit as BudgetLimit,
      max: Number(max) / unit,
      used: Number(used) / unit,
      used_percent: Math.round((Number(used) / Number(max)) * 1000) / 10,
      told_percent: level ? Number(level) : null,
      told_at: isoOrNull(at ? Number(at) : null),
      resets_at: iso(Number(ends)),
    };
  });
}
