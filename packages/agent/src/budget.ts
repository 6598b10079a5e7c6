import type { AgentLimits, TurnEntry } from '@agenthook/contracts';
import type { Journal } from './journal.js';
import { final, VerdictError } from './verdict.js';

/**
 * What a run's turns and results may have together, in characters of JSON. The next turn is sent most of them, and no model
 * reads as many.
 */
const MOST_LOGGED = 16 * 1024 * 1024;

export interface Spent {
  input_tokens: number;
  output_tokens: number;
  /** null as soon as one turn's price is not known. */
  cost_usd: number | null;
}

/** What all finished turns have used. */
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
 * Says, before a model call, how many tokens it may put out (undefined: as many as the model likes).
 * Throws VerdictError `budget_exhausted` where there is nothing left to spend.
 */
export function nextAllowance(
  limits: AgentLimits,
  { turns, characters }: Pick<Journal, 'turns' | 'characters'>,
): number | undefined {
  if (characters > MOST_LOGGED) {
    throw new VerdictError(
      final(
        'budget_exhausted',
        `The run's turns and results have ${characters} characters; ${MOST_LOGGED} may be sent to a model.`,
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
