import { type AgentConfig, SANDBOX_MODEL } from '@agenthook/contracts';
import { backoffDelay } from '../queue/backoff.js';

type Models = Pick<AgentConfig, 'model' | 'fallback_models'>;

/**
 * Which models have asked this worker to wait. Their tasks are parked without asking them again. Other
 * models of the same provider have limits of their own.
 */
export interface ProviderGates {
  /** How long to wait, in ms; undefined if the agent's model or a fallback may be asked. */
  closedFor(config: Models, now: number): number | undefined;
  /** Closes the gate of the agent's model. Returns for how long, in ms. */
  close(config: Models, now: number, retryAfterMs: number): number;
}

export function createProviderGates(): ProviderGates {
  const closedUntil = new Map<string, number>();
  // The sandbox simulates rate limits per task.
  const gateOf = ({ model, fallback_models }: Models): string | undefined =>
    model === SANDBOX_MODEL || fallback_models.length > 0 ? undefined : model;
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
