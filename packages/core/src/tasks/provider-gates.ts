import { type AgentConfig, parseModel } from '@agenthook/contracts';
import { backoffDelay } from '../queue/backoff.js';

/** Which providers have asked this worker to wait. Their tasks are parked without asking them again. */
export interface ProviderGates {
  /** How long to wait, in ms; undefined if the agent's provider or a fallback may be asked. */
  closedFor(config: AgentConfig, now: number): number | undefined;
  /** Closes the gate of the agent's provider. Returns for how long, in ms. */
  close(config: AgentConfig, now: number, retryAfterMs: number): number;
}

export function createProviderGates(): ProviderGates {
  const closedUntil = new Map<string, number>();
  // The sandbox simulates rate limits per task.
  const gateOf = ({ model, fallback_models }: AgentConfig): string | undefined => {
    const provider = parseModel(model)?.provider;
    return provider === 'sandbox' || fallback_models.length > 0 ? undefined : provider;
  };
  return {
    closedFor: (config, now) => {
      const left = (closedUntil.get(gateOf(config) ?? '') ?? 0) - now;
      return left > 0 ? backoffDelay(1, left) : undefined;
    },
    close: (config, now, retryAfterMs) => {
      const delayMs = backoffDelay(1, retryAfterMs);
      const gate = gateOf(config);
      if (gate !== undefined) closedUntil.set(gate, now + delayMs);
      return delayMs;
    },
  };
}
