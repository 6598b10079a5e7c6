import { LIMITS, type Screen, type Screened, type ScreenedEvent } from '@agenthook/bounded';
import { SENDER_PATHS } from '@agenthook/contracts';
import type { AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';

/** How long the evaluation of a filter waits for its turn, in ms; the sender waits for the answer. */
const WAIT_MS = 2_000;
/** The reason is shown in lists. */
const MAX_ERROR = 300;

/**
 * Whether an event runs. `error` says why its filter, or the key of its breaker, has no value; it runs then.
 */
export type Verdict =
  | { verdict: 'runs'; error?: string; breakerKey?: string }
  | { verdict: 'filtered'; reason: 'filter' }
  | { verdict: 'filtered'; reason: 'ignored_sender'; sender: string };

/** How an agent's events are screened; undefined for an agent that accepts all events. */
export const screenOf = ({ filter, ignore_senders, breaker }: AgentGate): Screen | undefined =>
  filter === undefined && ignore_senders === undefined && breaker?.key === undefined
    ? undefined
    : {
        filter,
        ignoreSenders: ignore_senders,
        senderPaths: ignore_senders && SENDER_PATHS,
        breakerKey: breaker?.key,
      };

/** Screens an event whose payload is not large. */
export async function screenEvent(
  ctx: Context,
  agentId: string,
  screen: Screen,
  event: ScreenedEvent,
): Promise<Verdict> {
  const screened = await ctx.bounded.screen(screen, event, { key: agentId, waitMs: WAIT_MS });
  switch (screened.outcome) {
    case 'dropped':
    case 'passed':
      return verdictOf(screened);
    case 'starved':
      return runsWith('filter: it could not be evaluated, because too much was being evaluated');
    case 'too_slow':
      return FILTER_TOO_SLOW;
    case 'too_large':
      return runsWith('filter: evaluating it takes too much memory');
  }
}

export function verdictOf(screened: Screened): Verdict {
  if (screened.outcome === 'passed') {
    const { breakerKey } = screened;
    const runs = screened.error ? runsWith(screened.error) : RUNS;
    return breakerKey === undefined ? runs : { ...runs, breakerKey };
  }
  return screened.sender === undefined
    ? { verdict: 'filtered', reason: 'filter' }
    : { verdict: 'filtered', reason: 'ignored_sender', sender: screened.sender };
}

const runsWith = (error: string) => ({ verdict: 'runs' as const, error: error.slice(0, MAX_ERROR) });

export const RUNS = { verdict: 'runs' as const };

export const FILTER_TOO_SLOW: Verdict = runsWith(
  `filter: evaluating it takes more than ${LIMITS.checkMs} ms`,
);
