import { createAgents } from './agents.js';
import { parseRule } from './allow.js';
import { createCheckHost, type Lookup, resolveName } from './check-host.js';
import type { Egress } from './egress.js';
import { createFetch } from './fetch.js';
import { createRequest } from './request.js';
import { createResolve } from './resolve.js';

export interface EgressOptions {
  /** What may be reached although it is not public; entries as parseAllow returns them. */
  allow: string[];
  /** How names are resolved; the machine's own way unless a test says otherwise. */
  lookup?: Lookup;
}

/**
 * Makes the guard of all requests that a stranger can steer: http(s) only, public addresses and those in `allow` only,
 * checked on the very address that is connected to, at each redirect anew. Throws on a bad entry of `allow`.
 */
export function createEgress({ allow, lookup = resolveName }: EgressOptions): Egress {
  const checkHost = createCheckHost(allow.map(parseRule), lookup);
  const agents = createAgents(checkHost);
  return {
    request: createRequest(agents),
    fetch: createFetch(agents),
    resolve: createResolve(checkHost),
    close: agents.close,
  };
}
