import { LRUCache } from 'lru-cache';

/** How many failed authentications a network may have within the window before it is locked out. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** How many networks are remembered. Those whose last failure is oldest are forgotten first. */
const MAX_NETWORKS = 10_000;

/** Counts failed authentications per network, for this process, in bounded memory. */
export interface FailureWindow {
  /** For how many seconds the network is still locked out; 0 if it is not. */
  lockedSeconds(network: string): number;
  add(network: string): void;
}

/** @param now a monotonic clock, in ms */
export function createFailureWindow(now: () => number): FailureWindow {
  const failures = new LRUCache<string, number[]>({ max: MAX_NETWORKS });
  const recent = (network: string): number[] => {
    const since = now() - WINDOW_MS;
    return (failures.peek(network) ?? []).filter((ms) => ms > since);
  };
  return {
    lockedSeconds: (network) => {
      const times = recent(network);
      const [first = 0] = times;
      return times.length < MAX_FAILURES ? 0 : Math.ceil((first + WINDOW_MS - now()) / 1000);
    },
    add: (network) => {
      const times = [...recent(network), now()].slice(-MAX_FAILURES);
      failures.set(network, times);
    },
  };
}
