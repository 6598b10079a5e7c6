/** So many failed authentications from one network within the window; then it has to wait. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Of how many networks failures are remembered; those that failed longest ago go first. */
const MAX_NETWORKS = 10_000;

/** Counts failed authentications by network, for this process, in memory that does not grow. */
export interface FailureWindow {
  /** For how many seconds a network is refused; 0 when it is not. */
  lockedSeconds(network: string): number;
  add(network: string): void;
}

/** @param now the clock, in ms; any that does not go back */
export function createFailureWindow(now: () => number): FailureWindow {
  const failures = new Map<string, number[]>();
  const recent = (network: string): number[] => {
    const since = now() - WINDOW_MS;
    return (failures.get(network) ?? []).filter((ms) => ms > since);
  };
  return {
    lockedSeconds: (network) => {
      const times = recent(network);
      const [first = 0] = times;
      return times.length < MAX_FAILURES ? 0 : Math.ceil((first + WINDOW_MS - now()) / 1000);
    },
    add: (network) => {
      const times = [...recent(network), now()].slice(-MAX_FAILURES);
      failures.delete(network);
      failures.set(network, times);
      const oldest = failures.keys().next();
      if (failures.size > MAX_NETWORKS && !oldest.done) failures.delete(oldest.value);
    },
  };
}
