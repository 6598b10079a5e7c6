import { type AgentConfig, type AgentInput, BurstConfig, MAX_BURST_WAIT_SECONDS } from '@agenthook/contracts';
import { canonicalJson } from '@agenthook/json';
import { AppError } from '../errors.js';
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

type Config = Pick<AgentConfig, 'burst'>;

/**
 * Throws `invalid_request` if a burst would end before its window: nobody means that. A burst that was saved
 * before this check must not keep its agent from other changes.
 */
export function checkBurst({ burst }: Config, before: Config | undefined): void {
  if (!burst || burst.max_wait_seconds >= burst.window_seconds) return;
  if (canonicalJson(burst) === canonicalJson(before?.burst ?? null)) return;
  const message = `must be at least window_seconds, ${burst.window_seconds}`;
  throw new AppError(
    'invalid_request',
    `A burst cannot end before its window: max_wait_seconds ${message}.`,
    {
      issues: [{ path: '/burst/max_wait_seconds', message }],
    },
  );
}
