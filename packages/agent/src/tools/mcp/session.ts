import { ToolError } from '../tool.js';
import type { Definition, McpConnection } from './connect.js';

/** A connection to a server that begins a new session when the server has ended the old one. */
export interface McpSession extends Pick<McpConnection, 'definitions' | 'broken' | 'call' | 'close'> {}

/**
 * Opens a session. Servers end sessions when they restart or when one is idle; a call that meets its end is
 * made again, once, in a new session, because the server has not carried it out. Parallel calls share that
 * session. It must offer the called tool as the first one did.
 */
export async function openSession(
  connect: (signal: AbortSignal) => Promise<McpConnection>,
  signal: AbortSignal,
): Promise<McpSession> {
  const first = await connect(signal);
  const opened = [first];
  /** The session after each that has ended. */
  const successors = new Map<McpConnection, Promise<McpConnection>>();
  let newest = first;

  const renew = (lost: McpConnection, limited: AbortSignal): Promise<McpConnection> => {
    const known = successors.get(lost);
    if (known) return known;
    const next = connect(limited).then((connection) => {
      opened.push(connection);
      newest = connection;
      return connection;
    });
    successors.set(lost, next);
    // The next call may try again.
    next.catch(() => successors.delete(lost));
    return next;
  };

  return {
    definitions: first.definitions,
    broken: first.broken,
    call: async (definition, args, limited) => {
      const connection = newest;
      try {
        return await connection.call(definition, args, limited);
      } catch (error) {
        if (!connection.isLost()) throw error;
        const next = await renew(connection, limited);
        checkSame(definition, next.definitions);
        return await next.call(definition, args, limited);
      }
    },
    close: async () => void (await Promise.all(opened.map((connection) => connection.close()))),
  };
}

function checkSame(definition: Definition, offered: Definition[]): void {
  const now = offered.find(({ name }) => name === definition.name);
  if (JSON.stringify(now) === JSON.stringify(definition)) return;
  throw new ToolError('The server has begun a new session, in which this tool is missing or has changed.');
}
