import type { Command, Redis } from 'ioredis';
import type { Logger } from 'pino';

const PAUSE_MS = 500;
const LOG_EVERY_MS = 60_000;

/**
 * Retries a command every half second while Redis refuses it because of its own state: it is full, cannot
 * write its file, or is still loading. A worker's commands wait for Redis's state as they wait for its
 * connection, so a run continues instead of failing. Redis refuses such a command before running it; it
 * refuses a script at its first write or runs it completely.
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
    // In a transaction, Redis has dropped the other commands. ioredis sends a command here again on each new
    // connection.
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
