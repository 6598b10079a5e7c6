import {
  type AgentLimits,
  type ChildSpent,
  isCopied,
  sumTokens,
  type TokenCounts,
} from '@agenthook/contracts';
import { type Journal, turnOfCall } from './journal.js';
import { final, VerdictError } from './verdict.js';

/** How many characters of JSON a run's turns and results may have together. Its journal keeps all of them. */
const MOST_LOGGED = 16 * 1024 * 1024;

/** How many tokens must be left for another turn. */
export const LEAST_USEFUL = 64;

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

/** What the agents that the run has called have used, in turns before `turn`, without copied calls. */
export function spentByChildren({ finished }: Pick<Journal, 'finished'>, turn = Infinity): ChildSpent {
  const sum: ChildSpent = { steps: 0, total_tokens: 0, cost_usd: 0 };
  for (const entry of finished.values()) {
    const { call, spent } = entry;
    if (!spent || isCopied(entry) || turnOfCall(call) >= turn) continue;
    sum.steps += spent.steps;
    sum.total_tokens += spent.total_tokens;
    sum.cost_usd = sum.cost_usd === null || spent.cost_usd === null ? null : sum.cost_usd + spent.cost_usd;
  }
  return sum;
}

/**
 * Throws VerdictError `budget_exhausted` if the run may take no further turn: its budget is used up, or what
 * is left of it is too little for one. The budget limits a run, not an answer, so it is never sent to a
 * provider.
 */
export function checkBudget(
  limits: AgentLimits,
  journal: Pick<Journal, 'turns' | 'summaries' | 'characters' | 'finished'>,
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
  const { input_tokens, output_tokens, ...own } = spentOn(journal);
  const children = spentByChildren(journal);
  const { max_total_tokens, max_cost_usd } = limits;
  const used = input_tokens + output_tokens + children.total_tokens;
  const cost_usd =
    own.cost_usd === null || children.cost_usd === null ? null : own.cost_usd + children.cost_usd;
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
