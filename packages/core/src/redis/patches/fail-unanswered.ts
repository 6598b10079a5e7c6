import type { Command, Redis } from 'ioredis';

/**
 * Fails a command that Redis has not answered within `ms` after it was sent, with the message of ioredis's
 * `commandTimeout`, but only after reading the answers that have arrived. Node runs timers before it reads
 * sockets. After a long pause, ioredis's timer would fail commands whose answers have already arrived, and a
 * caller would be told that a task is not stored although a worker has started it.
 *
 * Reaches into `sendCommand`. No issue of ioredis describes the order of timer and socket (searched:
 * "commandTimeout event loop blocked", "Command timed out timer before read");
 * https://github.com/redis/ioredis/issues/2130 is about the same timer counting while a command is not sent.
 */
export function failUnanswered(redis: Redis, ms: number): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command: Command, ...rest) => {
    const fail = () => command.reject(new Error('Command timed out'));
    let timer: NodeJS.Timeout | undefined;
    // It is sent at the end of this turn (batch-writes.ts), which is long if thousands of requests came.
    const sent = setImmediate(() => {
      timer = setTimeout(() => setImmediate(fail), ms);
    });
    const settled = () => {
      clearImmediate(sent);
      clearTimeout(timer);
    };
    command.promise.then(settled, settled);
    return send(command, ...rest);
  };
}
