import type { LogEntry, TurnEntry } from '@agenthook/contracts';
import type { Context } from '../../context.js';

/** How many calls a turn asked for. */
function callsOf({ result }: TurnEntry): number {
  const { content } = (result ?? {}) as { content?: unknown };
  if (!Array.isArray(content)) return 0;
  return content.filter((part: { type?: unknown }) => part?.type === 'tool-call').length;
}

/**
 * Counts turns, calls and steps for /metrics as they enter a journal. Returns a function for the entries, in
 * order. A step whose calls end in another run of the task is not counted.
 */
export function measureSteps(
  ctx: Context,
  agentId: string | undefined,
): (added: readonly LogEntry[]) => void {
  const names = new Map<string, string>();
  let step: { startMs: number; open: number; failed: boolean } | undefined;
  const endStep = (endMs: number) => {
    if (!step || step.open > 0 || agentId === undefined) return;
    const code = step.failed ? 'tool_failed' : 'ok';
    ctx.metrics.observe('step_duration_seconds', [agentId, code], endMs - step.startMs);
    step = undefined;
  };
  const turn = (entry: TurnEntry) => {
    const { model, latency_ms, cost_usd } = entry;
    const endMs = Date.parse(entry.at);
    ctx.metrics.observe('model_duration_seconds', [model], latency_ms);
    ctx.metrics.count('model_tokens_total', [model, 'input'], entry.input_tokens);
    ctx.metrics.count('model_tokens_total', [model, 'output'], entry.output_tokens);
    ctx.metrics.count('model_tokens_total', [model, 'cached'], entry.cached_input_tokens ?? 0);
    ctx.metrics.count('model_tokens_total', [model, 'reasoning'], entry.reasoning_tokens ?? 0);
    ctx.metrics.count('model_cost_dollars_total', [model], cost_usd ?? 0);
    step = { startMs: endMs - latency_ms, open: callsOf(entry), failed: false };
    endStep(endMs);
  };
  return (added) => {
    for (const entry of added) {
      if (entry.type === 'turn') turn(entry);
      if (entry.type === 'tool_started') names.set(entry.call, entry.name);
      if (entry.type !== 'tool_finished') continue;
      const failed = entry.error !== undefined;
      const name = names.get(entry.call) ?? 'unknown';
      ctx.metrics.observe('tool_duration_seconds', [name, failed ? 'error' : 'ok'], entry.duration_ms);
      names.delete(entry.call);
      if (step) step = { ...step, open: step.open - 1, failed: step.failed || failed };
      endStep(Date.parse(entry.at));
    }
  };
}
