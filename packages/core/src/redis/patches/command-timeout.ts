import type { Socket } from 'node:net';
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

/** What ioredis has for its option `socketTimeout`. */
interface Silence {
  stream: Socket;
  commandQueue: { length: number };
  socketTimeoutTimer: NodeJS.Timeout | undefined;
  setSocketTimeout(): void;
}

/**
 * Gives a connection up that says nothing for its `socketTimeout` while it owes an answer, as ioredis itself does, but it
 * too only once what has arrived is read.
 */
export function giveUpSilent(redis: Redis): void {
  const own = redis as unknown as Silence;
  own.setSocketTimeout = () => {
    const { stream } = own;
    const ms = redis.options.socketTimeout;
    const giveUp = () => {
      if (own.socketTimeoutTimer !== timer) return;
      own.socketTimeoutTimer = undefined;
      stream.destroy(new Error(`Socket timeout. Redis owes an answer and has said nothing for ${ms} ms.`));
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
