import type { Socket } from 'node:net';
import type { Redis } from 'ioredis';

/** The private members behind ioredis's option `socketTimeout`. */
interface Silence {
  stream: Socket;
  commandQueue: { length: number };
  socketTimeoutTimer: NodeJS.Timeout | undefined;
  setSocketTimeout(): void;
}

/**
 * Closes a connection that is silent for its `socketTimeout` while it owes an answer. ioredis does this too;
 * we first read what has arrived (see fail-unanswered.ts), and never close a connection that replaced the
 * silent one.
 *
 * Replaces `setSocketTimeout`. ioredis 6.0.0 has the stale timer that
 * https://github.com/redis/ioredis/issues/2147 describes. No issue was found about the order of timer and
 * socket (searched: "socketTimeout half-open", "socketTimeout event loop"). Throws if ioredis has no such
 * method.
 */
export function giveUpSilent(redis: Redis): void {
  const own = redis as unknown as Silence;
  if (typeof own.setSocketTimeout !== 'function')
    throw new Error('ioredis implements socketTimeout in another way than this version of AgentHook knows.');
  own.setSocketTimeout = () => {
    const { stream } = own;
    const ms = redis.options.socketTimeout;
    const giveUp = () => {
      if (own.socketTimeoutTimer !== timer) return;
      own.socketTimeoutTimer = undefined;
      stream.destroy(new Error(`Socket timeout. Redis owes an answer and has been silent for ${ms} ms.`));
    };
    const timer = setTimeout(() => setImmediate(giveUp), ms);
    own.socketTimeoutTimer = timer;
    stream.once('data', () => {
      clearTimeout(timer);
      own.socketTimeoutTimer = undefined;
      if (own.commandQueue.length > 0) own.setSocketTimeout();
    });
  };
}
