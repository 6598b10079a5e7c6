import { type AddressInfo, connect, createServer } from 'node:net';
import type { Settings } from './settings.js';
import { UserError } from './user-error.js';

/** Returns a free TCP port of 127.0.0.1. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function listenError(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/**
 * Checks that the api can use its port. Another program on ::1 also counts, because it would answer for
 * "localhost" in the api's place. So would one on all addresses if the system lets both bind (macOS).
 *
 * @throws UserError with the port and a remedy
 */
export async function requireFreePort({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<void> {
  const error = await listenError(host, port);
  const taken =
    error?.code === 'EADDRINUSE' || (await accepts('127.0.0.1', port)) || (await accepts('::1', port));
  if (taken) {
    const next = port === 65_535 ? port - 1 : port + 1;
    throw new UserError(`port ${port} is in use by another program; try:  PORT=${next} npm start`);
  }
  if (error !== undefined) throw new UserError(`cannot listen on ${host}:${port}: ${error.message}`);
}
