import type { AgentLimits, TurnEntry } from '@agenthook/contracts';
import type { Journal } from './journal.js';
import { final, VerdictError } from './verdict.js';

/**
 * How many characters of JSON a run's turns and results may have together. The next turn sends most of them,
 * and no model reads as many.
 */
const MOST_LOGGED = 16 * 1024 * 1024;

export interface Spent {
  input_tokens: number;
  output_tokens: number;
  /** null once the price of any turn is unknown. */
  cost_usd: number | null;
}

/** The tokens and cost of all finished turns. */
export function spentOn(turns: readonly TurnEntry[]): Spent {
  const spent: Spent = { input_tokens: 0, output_tokens: 0, cost_usd: 0 };
  for (const { input_tokens, output_tokens, cost_usd } of turns) {
    spent.input_tokens += input_tokens;
    spent.output_tokens += output_tokens;
    spent.cost_usd = spent.cost_usd === null || cost_usd === null ? null : spent.cost_usd + cost_usd;
  }
  return spent;
}

/**
 * Returns how many tokens the next model call may produce; undefined for no limit. Throws VerdictError
 * `budget_exhausted` if the budget is used up.
 */
export function nextAllowance(
  limits: AgentLimits,
  { turns, characters }: Pick<Journal, 'turns' | 'characters'>,
): number | undefined {
  if (characters > MOST_LOGGED) {
    throw new VerdictError(
      final(
        'budget_exhausted',
        `The run's turns and results have ${characters} characters; the limit for a model is ` +
          `${MOST_LOGGED}.`,
      ),
    );
  }
  const { input_tokens, output_tokens, cost_usd } = spentOn(turns);
  const { max_total_tokens, max_cost_usd, max_output_tokens } = limits;
  const used = input_tokens + output_tokens;
  if (max_total_tokens !== null && used >= max_total_tokens) {
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
  const left = [max_output_tokens, max_total_tokens === null ? null : max_total_tokens - used].filter(
    (n) => n !== null,
  );
  return left.length > 0 ? Math.min(...left) : undefined;
}
