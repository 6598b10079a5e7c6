import type { Command, Redis } from 'ioredis';

/**
 * Fails a command that Redis has not answered within `ms`, with the words of ioredis's own `commandTimeout`, and only once
 * the answers that have arrived are read. Node runs timers before it reads sockets: in a process that was held up, ioredis's
 * would fail commands whose answers lie there, and a caller be told that a task is not stored which a worker has begun.
 */
export function failUnanswered(redis: Redis, ms: number): void {
  const send = redis.sendCommand.bind(redis);
  redis.sendCommand = (command: Command, ...rest) => {
    const fail = () => command.reject(new Error('Command timed out'));
    const timer = setTimeout(() => setImmediate(fail), ms);
    const settled = () => clearTimeout(timer);
    command.promise.then(settled, settled);
    return send(command, ...rest);
  };
}
