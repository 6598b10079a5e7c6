import { type BudgetPort, budgetDetail, costOf, type PriceOf } from '@agenthook/contracts';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { tokensOf, valueTokens } from './context/size.js';
import { final, VerdictError } from './verdict.js';

/** How many tokens an answer is taken to have if the agent sets no `max_output_tokens`. */
const USUAL_OUTPUT_TOKENS = 4_096;

/**
 * Reserves what a turn may use: its input, estimated from its texts, and its longest answer. Throws
 * VerdictError `budget_exhausted` if the budget does not allow it.
 */
export async function reserveTurn(
  budget: BudgetPort | undefined,
  price: ReturnType<PriceOf>,
  { prompt, tools, maxOutputTokens, abortSignal }: LanguageModelV4CallOptions,
): Promise<void> {
  if (!budget) return;
  const input_tokens = Math.ceil(tokensOf(prompt) + (tools ? valueTokens(tools) : 0));
  const output_tokens = maxOutputTokens ?? USUAL_OUTPUT_TOKENS;
  const usd = costOf(price, { input_tokens, output_tokens });
  const refusal = await budget.reserve({ tokens: input_tokens + output_tokens, usd }, abortSignal);
  if (refusal) throw new VerdictError(final('budget_exhausted', budgetDetail(refusal)));
}
