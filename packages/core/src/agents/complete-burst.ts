import { type AgentConfig, type AgentInput, BurstConfig, MAX_BURST_WAIT_SECONDS } from '@agenthook/contracts';
import { defaultsOf } from './defaults-of.js';

const DEFAULTS = defaultsOf(BurstConfig);
/** How many windows a burst waits at most, if the agent does not say. */
const WINDOWS = 10;

/** A burst's settings with the defaults of missing fields. null if every event has its own run. */
export const completeBurst = (given: AgentInput['burst']): AgentConfig['burst'] =>
  given
    ? ({
        ...DEFAULTS,
        max_wait_seconds: Math.min(WINDOWS * given.window_seconds, MAX_BURST_WAIT_SECONDS),
        ...given,
      } as AgentConfig['burst'])
    : null;
