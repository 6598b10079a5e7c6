import type { Command, Redis } from 'ioredis';
import type { Logger } from 'pino';

const PAUSE_MS = 500;
const LOG_EVERY_MS = 60_000;

/**
 * Sends a command again every half second for as long as Redis refuses it because of its own state: it is full, cannot
 * write its file, or is still loading it. A worker's commands wait for Redis's state as they wait for its connection, and a
 * run continues where a failure would have ended it. Redis has not begun what it refuses this way: a script is refused at
 * its first write or runs to its end.
 *
 * Reaches into `sendCommand` and `command.reject`. ioredis does not retry refused commands:
 * https://github.com/redis/ioredis/issues/358 (labelled wontfix).
 *
 * @param isRefusal whether an error is such a refusal
 */
export function waitWhileRefused(redis: Redis, isRefusal: (error: unknown) => boolean, log: Logger): void {
  let quietUntil = 0;
  const send = redis.sendCommand.bind(redis);
  const known = new WeakSet<Command>();
  redis.sendCommand = (command: Command, ...rest) => {
    // Of a transaction Redis has dropped the others; a command comes here again with each new connection.
    if (!known.has(command) && !command.inTransaction) {
      known.add(command);
      const reject = command.reject;
      command.reject = (error) => {
        if (!isRefusal(error)) return reject(error);
        if (performance.now() >= quietUntil) {
          quietUntil = performance.now() + LOG_EVERY_MS;
          log.warn({ reason: error.message }, 'Redis refuses commands; trying again until it takes them');
        }
        setTimeout(() => send(command), PAUSE_MS);
      };
    }
    return send(command, ...rest);
  };
}
