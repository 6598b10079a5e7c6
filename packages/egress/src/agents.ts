import { Agent, type Dispatcher } from 'undici';
import type { CheckHost } from './check-host.js';
import { createConnector } from './connect.js';

/** undici's Agent never forgets an origin, and strangers name the origins here: after this many it is replaced. */
const MOST_ORIGINS = 500;
const MAX_HEADER_BYTES = 32 * 1024;

export interface Agents {
  /** What a request to `origin` goes through. */
  for(origin: string): Dispatcher;
  close(): Promise<void>;
}

/** Kept-alive connections, all opened through the check. Proxies of the environment are not used. */
export function createAgents(checkHost: CheckHost): Agents {
  const connect = createConnector(checkHost);
  const create = () =>
    new Agent({
      connect,
      maxHeaderSize: MAX_HEADER_BYTES,
      bodyTimeout: 0, // an event stream may be silent; one request has a deadline of its own
      // Short, so that a request seldom meets a connection that the server is just closing.
      keepAliveTimeout: 2_000,
      keepAliveMaxTimeout: 10_000,
    });

  let agent = create();
  let origins = new Set<string>();
  const retired = new Set<Agent>();
  const retire = (old: Agent) => {
    retired.add(old);
    old
      .close() // once its requests are done
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
