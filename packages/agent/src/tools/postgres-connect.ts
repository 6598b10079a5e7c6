import { isIP, connect as openSocket, Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Egress, ResolvedAddress } from '@agenthook/egress';
import { Client } from 'pg';
import type { PostgresAddress } from './postgres-url.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long a cancel request may take to be sent. */
const CANCEL_TIMEOUT_MS = 5_000;
/** The code that makes a startup packet a CancelRequest (PostgreSQL, 55.7 Message Formats). */
const CANCEL_CODE = 80_877_102;

export interface PostgresConnection {
  client: Client;
  /** What has come in so far, in bytes, encryption included. */
  bytesRead(): number;
  /** Says goodbye. Never throws. */
  close(): Promise<void>;
  /** Asks the server to stop the query that runs, and cuts the connection. */
  cancel(): void;
}

/** The fields of pg's client that its types leave out: what names the server process in a cancel request. */
type WithBackend = Client & { processID: number | null; secretKey: number | null };

/** The TLS settings to try, in this order; false is an unencrypted connection. */
function tlsAttempts({ tls, host }: PostgresAddress, ca: string | undefined): (ConnectionOptions | false)[] {
  // The socket goes to an address, so the name that the certificate must be for is given apart.
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
    // As a function: an empty password would make pg look for one in this process's environment and files.
    password: () => address.password,
    database: address.database,
    ...(address.options === undefined ? {} : { options: address.options }),
    application_name: 'agenthook',
    ssl,
    stream: () => socket,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  }) as WithBackend;
  client.on('error', () => undefined); // whoever waits for an answer gets it too
  const connection: PostgresConnection = {
    client,
    bytesRead: () => socket.bytesRead,
    close: async () => {
      await Promise.race([
        client.end().catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, 1_000).unref()),
      ]);
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
 * Connects to a PostgreSQL server through the guard: its host is looked up and checked once, and the connection goes to
 * the address that was checked, under TLS with the name that was given. `ca` is a PEM certificate to trust.
 * Throws EgressError, pg's errors, and `signal.reason` once that is aborted.
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
