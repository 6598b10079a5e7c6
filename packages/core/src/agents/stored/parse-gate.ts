import { AppError } from '../../errors.js';
import type { AgentGate } from '../agent-hash.js';

/** A stored gate; undefined if it cannot be read. Every trigger calls this. */
export function gateOf(json: string): AgentGate | undefined {
  try {
    const gate = JSON.parse(json) as AgentGate | null;
    return gate?.status !== undefined && typeof gate.version === 'number' ? gate : undefined;
  } catch {
    return undefined;
  }
}

/** A stored gate. Throws `damaged_agent`. */
export function parseGate(json: string): AgentGate {
  const gate = gateOf(json);
  if (!gate) throw damagedAgent();
  return gate;
}

/** Thrown where an event came for an agent whose gate cannot be read. Senders try again later. */
export const damagedAgent = (): AppError => new AppError('damaged_agent');
