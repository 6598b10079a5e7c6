/** Waits for `event`, `ms` or the abort of `signal`, whichever comes first, and leaves nothing behind. */
export function within(ms: number, event: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    if (signal.aborted) return done();
    signal.addEventListener('abort', done, { once: true });
    event.then(done, done);
  });
}
