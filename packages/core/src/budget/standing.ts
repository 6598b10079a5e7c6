import type { BudgetLimit, BudgetRefusal, BudgetScope, OnLimit } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { oncePerTurn } from '../redis/once-per-turn.js';
import { beginSpending } from './begin-spending.js';
import { readStandingScript } from './read-standing.script.js';

/** How an agent stands with the budgets that apply to it. */
export interface Standing {
  exists: boolean;
  /** Whether a budget applies: its own or that of the installation. */
  applies: boolean;
  /** The budget that is used up; undefined if none is. */
  refusal: BudgetRefusal | undefined;
}

/** A refusal as scripts return it; undefined for none. */
export function refusalOf(
  [scope, limit, ends, onLimit]: readonly string[],
  isBusy = false,
): BudgetRefusal | undefined {
  if (scope === undefined) return undefined;
  return {
    scope: scope as BudgetScope,
    limit: limit as BudgetLimit,
    on_limit: onLimit as OnLimit,
    until_ms: Number(ends),
    isBusy,
  };
}

/** Reads how an agent stands. A budget that was just set begins with what was spent before it. */
export async function readStanding(ctx: Context, agentId: string): Promise<Standing> {
  const read = () =>
    readStandingScript(ctx.redis, {
      agent: keys.agent(agentId),
      agentSpend: keys.agentSpend(agentId),
      budget: keys.budget,
      ownSpend: keys.spend,
    });
  let found = await read();
  const [, , begins] = found;
  if (begins.length > 0) {
    for (const scope of begins) await beginSpending(ctx, scope === 'agent' ? agentId : undefined);
    found = await read();
  }
  const [exists, applies, , refusal] = found;
  return { exists: exists === 1, applies: applies === 1, refusal: refusalOf(refusal) };
}

/** The same for many tasks, of which some start in one turn of the event loop. */
export const createStandingOf = (ctx: Context): ((agentId: string) => Promise<Standing>) =>
  oncePerTurn((agentId) => readStanding(ctx, agentId));
