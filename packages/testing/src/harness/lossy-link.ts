import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './ports.js';

/** A link to a server on 127.0.0.1 that can break at the worst moment, or switch to another server. */
export interface LossyLink {
  readonly port: number;
  /**
   * Loses the server's next answer, or the one `after` so many more, together with every connection. Resolves
   * when that has happened.
   */
  loseNextAnswer(after?: number): Promise<void>;
  /** From now on, nothing passes on open connections, without an error; new ones work. */
  swallow(): void;
  /** New connections go to another port; open ones stay. */
  pointTo(port: number): void;
  close(): Promise<void>;
}

/** Opens a link to `port` of 127.0.0.1 that passes on all bytes until it is told to lose some. */
export async function startLossyLink(port: number): Promise<LossyLink> {
  const sockets = new Set<Socket>();
  let swallowed = new WeakSet<Socket>();
  let lost: (() => void) | undefined;
  let left = 0;
  let target = port;
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const link = createServer((client) => {
    const server = connect({ port: target, host: '127.0.0.1' });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      from
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
    }
    client.on('data', (bytes) => !swallowed.has(client) && server.write(bytes));
    server.on('data', (bytes) => {
      if (swallowed.has(server)) return;
      if (!lost || left-- > 0) return client.write(bytes);
      breakAll();
      lost();
      lost = undefined;
    });
  });
  const ownPort = await freePort();
  await new Promise<void>((resolve) => link.listen(ownPort, '127.0.0.1', resolve));
  return {
    port: ownPort,
    loseNextAnswer: (after = 0) =>
      new Promise((resolve) => {
        lost = resolve;
        left = after;
      }),
    swallow: () => {
      swallowed = new WeakSet(sockets);
    },
    pointTo: (other) => {
      target = other;
    },
    close: async () => {
      breakAll();
      await new Promise((resolve) => link.close(resolve));
    },
  };
}
