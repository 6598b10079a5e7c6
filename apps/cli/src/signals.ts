import { EventEmitter, once } from 'node:events';

/**
 * npm forwards a terminal's Ctrl-C to a program that already got it. Two signals within this time count as
 * one, in ms.
 */
const SAME_KEYPRESS_MS = 500;

export interface StopRequests {
  /** Resolves at the first stop request. */
  first: Promise<unknown>;
  isRequested(): boolean;
  /** Resolves at the second one. */
  second: Promise<unknown>;
}

/** Turns SIGINT, SIGTERM and SIGHUP (a closed terminal) into promises. */
export function stopRequests(): StopRequests {
  const requests = new EventEmitter();
  let firstAt: number | undefined;
  const request = () => {
    if (firstAt !== undefined && Date.now() - firstAt <= SAME_KEYPRESS_MS) return;
    requests.emit(firstAt === undefined ? 'first' : 'second');
    firstAt ??= Date.now();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  return {
    first: once(requests, 'first'),
    isRequested: () => firstAt !== undefined,
    second: once(requests, 'second'),
  };
}
