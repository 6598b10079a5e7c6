import { type AgentLimits, isCopied, sumTokens, type TokenCounts } from '@agenthook/contracts';
import type { Journal } from './journal.js';
import { final, VerdictError } from './verdict.js';

/** How many characters of JSON a run's turns and results may have together. Its journal keeps all of them. */
const MOST_LOGGED = 16 * 1024 * 1024;

/** How many tokens must be left for another turn. */
const LEAST_USEFUL = 64;

export interface Spent extends Required<TokenCounts> {
  /** null once the price of any turn is unknown. */
  cost_usd: number | null;
  /** Whether any turn's tokens are an estimate. */
  estimated?: true;
}

/**
 * The tokens and cost of a task's own finished turns, and of summaries of them. Copied turns were counted
 * with the task that took them.
 */
export function spentOn({ turns, summaries }: Pick<Journal, 'turns' | 'summaries'>): Spent {
  const parts = [...turns.filter((turn) => !isCopied(turn)), ...summaries];
  const spent: Spent = { ...sumTokens(parts), cost_usd: 0 };
  for (const { cost_usd, estimated } of parts) {
    if (estimated) spent.estimated = true;
    spent.cost_usd = spent.cost_usd === null || cost_usd === null ? null : spent.cost_usd + cost_usd;
  }
  return spent;
}

/**
 * Throws VerdictError `budget_exhausted` if the run may take no further turn: its budget is used up, or what
 * is left of it is too little for one. The budget limits a run, not an answer, so it is never sent to a
 * provider.
 */
export function checkBudget(
  limits: AgentLimits,
  journal: Pick<Journal, 'turns' | 'summaries' | 'characters'>,
): void {
  const { characters } = journal;
  if (characters > MOST_LOGGED) {
    throw new VerdictError(
      final(
        'budget_exhausted',
        `The run's turns and results have ${characters} characters; the limit for a model is ` +
          `${MOST_LOGGED}.`,
      ),
    );
  }
  const { input_tokens, output_tokens, cost_usd } = spentOn(journal);
  const { max_total_tokens, max_cost_usd } = limits;
  const used = input_tokens + output_tokens;
  if (max_total_tokens !== null && used > 0 && used > max_total_tokens - LEAST_USEFUL) {
    throw new VerdictError(
      final(
        'budget_exhausted',
        `The run has used ${used} tokens of the ${max_total_tokens} that its agent allows.`,
      ),
    );
  }
  if (max_cost_usd !== null && cost_usd !== null && cost_usd >= max_cost_usd) {
    throw new VerdictError(
      final(
        'budget_exhausted',
        `The run has cost ${cost_usd} USD of the ${max_cost_usd} that its agent allows.`,
      ),
    );
  }
}
