import { Agent, type Dispatcher } from 'undici';
import type { CheckHost } from './check-host.js';
import { createConnector } from './connect.js';

/**
 * undici's Agent never forgets an origin, and strangers choose the origins. After this many it is replaced.
 */
const MOST_ORIGINS = 500;
const MAX_HEADER_BYTES = 32 * 1024;

export interface Agents {
  /** The dispatcher for requests to `origin`. */
  for(origin: string): Dispatcher;
  close(): Promise<void>;
}

/** Kept-alive connections that all pass the check. Proxies from the environment are ignored. */
export function createAgents(checkHost: CheckHost): Agents {
  const connect = createConnector(checkHost);
  const create = () =>
    new Agent({
      connect,
      // HTTP/2 has other limits than the ones below.
      allowH2: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      bodyTimeout: 0, // an event stream may be silent; each request has its own deadline
      // Short, so that a request rarely uses a connection that the server is about to close.
      keepAliveTimeout: 2_000,
      keepAliveMaxTimeout: 10_000,
    });

  let agent = create();
  let origins = new Set<string>();
  const retired = new Set<Agent>();
  const retire = (old: Agent) => {
    retired.add(old);
    old
      .close() // after its requests
      .catch(() => {})
      .finally(() => retired.delete(old));
  };
  return {
    for: (origin) => {
      if (!origins.has(origin) && origins.size >= MOST_ORIGINS) {
        retire(agent);
        agent = create();
        origins = new Set();
      }
      origins.add(origin);
      return agent;
    },
    close: async () => {
      await Promise.all([agent, ...retired].map((each) => each.destroy()));
    },
  };
}
