import { type AgentConfig, iso, parseModel, SANDBOX_MODEL, type WaitReason } from '@agenthook/contracts';
import { backoffDelay } from '../queue/backoff.js';

type Models = Pick<AgentConfig, 'model' | 'fallback_models'>;

/** How long a gate is closed before a task asks the model early, in ms. Limits are often lifted before. */
const PROBE_MS = 300_000;

/** How long a task is parked, and why. */
export interface Closing {
  delay_ms: number;
  waiting_for: Extract<WaitReason, { kind: 'rate_limit' }>;
}

/**
 * Which models have asked this worker to wait. Their tasks are parked without asking them again. Other
 * models of the same provider have limits of their own. While a long wait lasts, one task at a time is let
 * through every PROBE_MS; if it succeeds, the wait is over.
 */
export interface ProviderGates {
  /** undefined if the task may ask the agent's model or a fallback. Times are in ms. */
  closedFor(config: Models, now: number): Closing | undefined;
  /** Closes the gate of the agent's model. */
  close(config: Models, now: number, retryAfterMs: number): Closing;
  /** Opens the gate of the agent's model, which has answered, if it was asked early. */
  answered(config: Models): void;
}

interface Gate {
  until: number;
  /** When a task may ask early. */
  probeAt: number;
  probed: boolean;
}

export function createProviderGates(): ProviderGates {
  const gates = new Map<string, Gate>();
  // The sandbox simulates rate limits per task.
  const gateOf = ({ model, fallback_models }: Models): string | undefined =>
    model === SANDBOX_MODEL || fallback_models.length > 0 ? undefined : model;
  return {
    closedFor: (config, now) => {
      const gate = gates.get(gateOf(config) ?? '');
      if (!gate) return undefined;
      if (gate.until <= now) {
        gates.delete(config.model);
        return undefined;
      }
      if (gate.probeAt > now) return closing(config, gate.until, delayOf(gate, now));
      gate.probeAt = now + PROBE_MS;
      gate.probed = true;
      return undefined;
    },
    close: (config, now, retryAfterMs) => {
      const until = now + backoffDelay(1, retryAfterMs);
      const gate = { until, probeAt: now + PROBE_MS, probed: false };
      const name = gateOf(config);
      if (name === undefined) return closing(config, until, until - now);
      gates.set(name, gate);
      return closing(config, until, delayOf(gate, now));
    },
    answered: (config) => {
      const name = gateOf(config);
      if (name !== undefined && gates.get(name)?.probed) gates.delete(name);
    },
  };
}

const delayOf = ({ until, probeAt }: Gate, now: number): number =>
  until <= probeAt ? until - now : backoffDelay(1, probeAt - now);

function closing({ model }: Models, until: number, delay_ms: number): Closing {
  const { provider, name } = parseModel(model) ?? { provider: '', name: model };
  return { delay_ms, waiting_for: { kind: 'rate_limit', provider, model: name, until: iso(until) } };
}
