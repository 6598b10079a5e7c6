import { isIP } from 'node:net';
import type { CheckHost } from './check-host.js';
import type { Egress } from './egress.js';
import { withoutFinalDots } from './target.js';
import { withTimeLimit } from './time-limit.js';

/** The system's resolver has no time limit of its own. */
const LOOKUP_TIMEOUT_MS = 10_000;

/** Creates Egress.resolve: the same check for clients that open their own sockets. */
export function createResolve(checkHost: CheckHost): Egress['resolve'] {
  return async (host, port, { signal } = {}) => {
    const name = withoutFinalDots(host.toLowerCase());
    const [address = ''] = await withTimeLimit(signal, LOOKUP_TIMEOUT_MS, () => checkHost(name, port));
    return { address, family: isIP(address) === 6 ? 6 : 4 };
  };
}
