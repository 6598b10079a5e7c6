import { createAgents } from './agents.js';
import { parseRule } from './allow.js';
import { createCheckHost, type Lookup, resolveName } from './check-host.js';
import type { Egress } from './egress.js';
import { createFetch } from './fetch.js';
import { lookUpInTurns } from './look-up-in-turns.js';
import { createRequest } from './request.js';
import { createResolve } from './resolve.js';

export interface EgressOptions {
  /** What may be reached although it is not public; entries as returned by parseAllow. */
  allow: string[];
  /** How names are resolved. Default: as the machine does. */
  lookup?: Lookup;
}

/**
 * Creates the guard for all requests that a stranger controls: only http(s), and only public addresses and
 * those in `allow`. It checks the exact address of each connection, again at each redirect. Throws on a bad
 * entry of `allow`.
 */
export function createEgress({ allow, lookup = resolveName }: EgressOptions): Egress {
  const checkHost = createCheckHost(allow.map(parseRule), lookUpInTurns(lookup));
  const agents = createAgents(checkHost);
  return {
    request: createRequest(agents),
    fetch: createFetch(agents),
    resolve: createResolve(checkHost),
    close: agents.close,
  };
}
