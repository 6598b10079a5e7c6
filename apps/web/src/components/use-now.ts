import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

/** One clock for all that show relative times: it ticks while something listens. */
function createClock() {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let now = Date.now();
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      timer ??= setInterval(tick, TICK_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    now: () => now,
  };
}

const clock = createClock();

/** What `pick` makes of the time in ms; the component draws anew only when that changes. */
export const useNow = <T>(pick: (now: number) => T): T =>
  useSyncExternalStore(clock.subscribe, () => pick(clock.now()));
