import { type ChildSpent, isCopied, type LogEntry, tokensOf } from '@agenthook/contracts';

/** What a task has used, with the tasks that it has called, as its journal says. */
export function spentIn(log: readonly LogEntry[]): ChildSpent {
  const sum: ChildSpent = { steps: 0, total_tokens: 0, cost_usd: 0 };
  const add = (steps: number, tokens: number, cost: number | null) => {
    sum.steps += steps;
    sum.total_tokens += tokens;
    sum.cost_usd = sum.cost_usd === null || cost === null ? null : sum.cost_usd + cost;
  };
  for (const entry of log) {
    if (isCopied(entry)) continue;
    const turn = entry.type === 'turn' ? entry : entry.type === 'context' ? entry.spent : undefined;
    if (turn) {
      const { input_tokens, output_tokens } = tokensOf(turn);
      add(entry.type === 'turn' ? 1 : 0, input_tokens + output_tokens, turn.cost_usd);
    }
    if (entry.type === 'tool_finished' && entry.spent) {
      const { steps, total_tokens, cost_usd } = entry.spent;
      add(steps, total_tokens, cost_usd);
    }
  }
  return sum;
}
