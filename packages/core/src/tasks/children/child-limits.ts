import type { AgentLimits, RunLimits } from '@agenthook/contracts';

/** How long before the end of a call its task must end, in ms and as a part of the call's time. */
const HEAD_START_MS = 5_000;
const HEAD_START_PART = 0.1;

/** The limits of a task that was called: those of its agent, or its share of its parent's if that is less. */
export function childLimits(own: AgentLimits, share: RunLimits, leftMs: number): RunLimits {
  const lower = (a: number | null, b: number | null | undefined): number | null =>
    a === null ? (b ?? null) : Math.min(a, b ?? a);
  const ms = leftMs - Math.min(HEAD_START_MS, leftMs * HEAD_START_PART);
  const seconds = Math.max(1, Math.floor(ms / 1000));
  return {
    max_steps: Math.min(own.max_steps, share.max_steps ?? own.max_steps),
    max_total_tokens: lower(own.max_total_tokens, share.max_total_tokens),
    max_cost_usd: lower(own.max_cost_usd, share.max_cost_usd),
    task_timeout_seconds: Math.min(own.task_timeout_seconds ?? seconds, seconds),
  };
}
