import { BUDGET_LIMITS, type Budget, type BudgetInput } from '@agenthook/contracts';
import { AppError } from '../errors.js';

/** A budget with the defaults of missing fields. null if there is none. */
export const completeBudget = (given: BudgetInput | undefined): Budget | null =>
  given
    ? { per_day_usd: null, per_month_usd: null, per_day_tokens: null, on_limit: 'reject', ...given }
    : null;

/** Throws `invalid_request` for a budget without a limit. */
export function checkBudget(budget: Budget | null | undefined, path: string): void {
  if (!budget || BUDGET_LIMITS.some((limit) => budget[limit] !== null)) return;
  const names = BUDGET_LIMITS.join(', ');
  throw new AppError('invalid_request', `A budget sets at least one of ${names}; null is no budget.`, {
    issues: [{ path, message: `sets none of ${names}` }],
  });
}

/** A budget as scripts read it: without the limits that it does not set. */
export const setLimits = (budget: Budget): Partial<Budget> =>
  Object.fromEntries(Object.entries(budget).filter(([, value]) => value !== null));
