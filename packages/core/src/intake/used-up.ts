import type { BudgetLimit, BudgetScope } from '@agenthook/contracts';
import type { UsedUp } from './inbound.js';

/** A used-up budget, as resolve-agent.lua returns it; empty if none refuses new tasks. */
export function usedUpOf([scope, limit, ends]: string[]): { usedUp?: UsedUp } {
  if (scope === undefined) return {};
  return {
    usedUp: { scope: scope as BudgetScope, limit: limit as BudgetLimit, until_ms: Number(ends) },
  };
}

/** The used-up budgets by agent, as look-up.lua returns them. */
export function fullBudgets(list: string[]): Map<string, UsedUp> {
  const found = new Map<string, UsedUp>();
  for (let n = 0; n < list.length; n += 4) {
    const { usedUp } = usedUpOf(list.slice(n + 1, n + 4));
    if (usedUp) found.set(list[n] ?? '', usedUp);
  }
  return found;
}
