import { isIP, connect as openSocket, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { withDeadline } from '@agenthook/async';
import type { Egress, ResolvedAddress } from '@agenthook/egress';
import { Client } from 'pg';
import type { PostgresAddress } from './postgres-url.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** The time limit for sending a cancel request. */
const CANCEL_TIMEOUT_MS = 5_000;
/** The code of a CancelRequest in a startup packet (PostgreSQL, 55.7 Message Formats). */
const CANCEL_CODE = 80_877_102;

export interface PostgresConnection {
  client: Client;
  /** Bytes received so far, including encryption. */
  bytesRead(): number;
  /** Closes the connection. Never throws. */
  close(): Promise<void>;
  /** Asks the server to cancel the running query, and cuts the connection. */
  cancel(): void;
}

/** Fields of pg's client that its types omit. They identify the server process in a cancel request. */
type WithBackend = Client & { processID: number | null; secretKey: number | null };

/** The TLS settings to try, in order; false is an unencrypted connection. */
function tlsAttempts({ tls, host }: PostgresAddress, ca: string | undefined): (ConnectionOptions | false)[] {
  // The socket connects to an address, so the certificate's name is passed separately.
  const options: ConnectionOptions = {
    ...(isIP(host) ? { host } : { servername: host }),
    ...(ca ? { ca } : {}),
    rejectUnauthorized: tls.startsWith('verify'),
    ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  };
  if (tls === 'disable') return [false];
  return tls === 'prefer' ? [options, false] : [options];
}

function open(
  address: PostgresAddress,
  { address: ip }: ResolvedAddress,
  ssl: ConnectionOptions | false,
): { connection: PostgresConnection; connected: Promise<unknown> } {
  const socket = new Socket();
  const client = new Client({
    host: ip,
    port: address.port,
    user: address.user,
    // A function, because for an empty password pg would look in this process's environment and files.
    password: () => address.password,
    database: address.database,
    ...(address.options === undefined ? {} : { options: address.options }),
    application_name: 'agenthook',
    ssl,
    stream: () => socket,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  }) as WithBackend;
  client.on('error', () => undefined); // pending queries get the error too
  const connection: PostgresConnection = {
    client,
    bytesRead: () => socket.bytesRead,
    close: async () => {
      await withDeadline(
        client.end().catch(() => undefined),
        1_000,
      );
      socket.destroy();
    },
    cancel: () => {
      if (client.processID !== null && client.secretKey !== null) {
        const packet = Buffer.alloc(16);
        const fields = [packet.length, CANCEL_CODE, client.processID, client.secretKey];
        for (const [n, value] of fields.entries()) packet.writeInt32BE(value, n * 4);
        const canceller = openSocket({ host: ip, port: address.port }, () => canceller.end(packet));
        canceller.setTimeout(CANCEL_TIMEOUT_MS, () => canceller.destroy());
        canceller.on('error', () => undefined).unref();
      }
      socket.destroy();
    },
  };
  return { connection, connected: client.connect() };
}

/**
 * Connects to a PostgreSQL server through the guard: resolves and checks its host once, then connects to the
 * checked address, with TLS for the original name. `ca` is a PEM certificate to trust. Throws EgressError,
 * pg's errors, and `signal.reason` on abort.
 */
export async function connectPostgres(
  egress: Egress,
  address: PostgresAddress,
  { ca, signal }: { ca: string | undefined; signal: AbortSignal },
): Promise<PostgresConnection> {
  const resolved = await egress.resolve(address.host, address.port, { signal });
  const attempts = tlsAttempts(address, ca);
  for (const [n, ssl] of attempts.entries()) {
    signal.throwIfAborted();
    const { connection, connected } = open(address, resolved, ssl);
    signal.addEventListener('abort', connection.cancel, { once: true });
    try {
      await connected;
      signal.throwIfAborted();
      return connection;
    } catch (error) {
      await connection.close();
      signal.throwIfAborted();
      const refused = /does not support SSL/.test(String(error));
      if (!refused || n === attempts.length - 1) throw error;
    } finally {
      signal.removeEventListener('abort', connection.cancel);
    }
  }
  throw new Error('unreachable');
}
