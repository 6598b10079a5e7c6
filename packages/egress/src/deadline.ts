import { EgressError } from './egress.js';

/**
 * Runs `work` with a signal that aborts with `outer` or after `ms`, and stops waiting at that moment, because
 * some steps (resolving, connecting) cannot be interrupted. Throws EgressError `timeout` or `aborted`.
 */
export async function withDeadline<T>(
  outer: AbortSignal | undefined,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let release = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    const end = (error: EgressError) => {
      reject(error);
      controller.abort(error);
    };
    const cancel = () => end(new EgressError('aborted', 'The request was cancelled.'));
    const timer = setTimeout(
      () =>
        end(new EgressError('timeout', `No complete answer within ${Math.round(ms / 100) / 10} seconds.`)),
      ms,
    );
    release = () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', cancel);
    };
    if (outer?.aborted) cancel();
    else outer?.addEventListener('abort', cancel, { once: true });
  });
  ended.catch(() => {}); // it may reject before the race below begins
  try {
    controller.signal.throwIfAborted();
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    release();
  }
}
