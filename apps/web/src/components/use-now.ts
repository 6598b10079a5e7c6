import { useSyncExternalStore } from 'react';

const TICK_MS = 1_000;

/** One clock for all components that show relative times. It ticks while anything listens. */
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

/** The result of `pick` for the current time in ms. The component renders again only when it changes. */
export const useNow = <T>(pick: (now: number) => T): T =>
  useSyncExternalStore(clock.subscribe, () => pick(clock.now()));
