import { orAborted } from '@agenthook/async';

/** Ends a run, or a call of a model, from outside: when its time is up or its caller aborts. */
export interface Deadline {
  signal: AbortSignal;
  /** Which of the two happened first; undefined so far. */
  ending(): 'timeout' | 'cancelled' | undefined;
  /** Settles like `work`, but rejects at once when the signal aborts, because some work ignores it. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Releases the timer and the caller's signal. */
  release(): void;
}

/**
 * Starts the clock. The signal aborts after `ms` or together with `outer`. Not AbortSignal.any with
 * AbortSignal.timeout, whose timers and weak references outlive what they limit until a full collection.
 */
export function startDeadline(outer: AbortSignal | undefined, ms: number): Deadline {
  const controller = new AbortController();
  let ending: 'timeout' | 'cancelled' | undefined;
  const end = (how: 'timeout' | 'cancelled') => {
    ending ??= how;
    controller.abort(new DOMException('The run was ended.', 'AbortError'));
  };
  const cancel = () => end('cancelled');
  const timer = setTimeout(() => end('timeout'), ms);
  if (outer?.aborted) cancel();
  else outer?.addEventListener('abort', cancel, { once: true });

  const { signal } = controller;
  return {
    signal,
    ending: () => ending,
    race: (work) => orAborted(work, signal),
    release: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', cancel);
    },
  };
}
