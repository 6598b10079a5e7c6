import { sleep } from '@agenthook/async';
import type { RedisClient } from './connect.js';

/** How often Redis is asked for a sign of life, in ms. */
const ASK_MS = 250;
/**
 * An answer that takes longer, in ms, is an interruption. Callers learn after a second that Redis has not
 * answered (connect.ts).
 */
const LATE_MS = 500;
/** How long after an interruption withdrawals may still arrive, in ms: apis reconnect within a second. */
const WITHDRAWING_MS = 1_500;
/** How often to look whether Redis answers again, in ms. */
const LOOK_MS = 50;

export interface Pulse {
  /**
   * Resolves at once, unless Redis was interrupted a moment ago. Then it resolves once the apis have had time
   * to withdraw the tasks whose callers were answered 503.
   */
  calm(): Promise<void>;
  stop(): void;
}

/**
 * Notices interruptions of Redis. A Redis that stops between storing a task and answering shows the task to
 * workers as soon as it continues, before the api can withdraw it.
 */
export function startPulse(redis: RedisClient): Pulse {
  let stopped = false;
  let isSilent = false;
  let calmAt = 0;

  const ask = async () => {
    let isOwed = true;
    const notice = () => {
      isSilent ||= isOwed;
    };
    // A timer of a process that was held up fires before arrived answers are read.
    const timer = setTimeout(() => setImmediate(notice), LATE_MS).unref();
    await redis.ping().catch(() => {
      isSilent = true;
    });
    clearTimeout(timer);
    isOwed = false;
    if (isSilent) calmAt = performance.now() + WITHDRAWING_MS;
    isSilent = false;
  };
  const run = async () => {
    while (!stopped) {
      await ask();
      await sleep(ASK_MS, { background: true });
    }
  };
  void run();
  return {
    calm: async () => {
      while (!stopped && (isSilent || performance.now() < calmAt)) await sleep(LOOK_MS);
    },
    stop: () => {
      stopped = true;
    },
  };
}
