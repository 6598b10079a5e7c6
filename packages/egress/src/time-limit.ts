import { orAborted } from '@agenthook/async';
import { EgressError } from './egress.js';

/**
 * Runs `work` with a signal that aborts with `outer` or after `ms`, and stops waiting at that moment, because
 * some steps (resolving, connecting) cannot be interrupted. Throws EgressError `timeout` or `aborted`.
 */
export async function withTimeLimit<T>(
  outer: AbortSignal | undefined,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = () => controller.abort(new EgressError('aborted', 'The request was cancelled.'));
  const expire = () =>
    controller.abort(
      new EgressError('timeout', `No complete answer within ${Math.round(ms / 100) / 10} seconds.`),
    );
  const timer = setTimeout(expire, ms);
  if (outer?.aborted) cancel();
  else outer?.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await orAborted(work(signal), signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', cancel);
  }
}
