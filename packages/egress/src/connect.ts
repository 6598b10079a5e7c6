import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { CheckHost } from './check-host.js';
import { portOf } from './target.js';

/** Time limit for a connection, including TLS. */
const CONNECT_TIMEOUT_MS = 10_000;
/**
 * How long to wait for one address before trying the next. Node's 250 ms are too short for distant servers.
 */
const ATTEMPT_TIMEOUT_MS = 2_000;

/**
 * Creates undici's connector. It resolves and checks the host here, and the socket can only connect to a
 * checked address, so a name that resolves differently the next time (DNS rebinding) gains nothing. TLS and
 * the Host header keep the name.
 */
export function createConnector(checkHost: CheckHost): buildConnector.connector {
  return (options, callback) => {
    checkHost(options.hostname, portOf(options)).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: CONNECT_TIMEOUT_MS,
          allowH2: false,
          autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
          lookup: pinned(addresses),
        });
        connect(options, callback);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** A lookup with one fixed answer. Node tries its addresses in turn (RFC 8305). */
function pinned(addresses: string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = answers;
    if (options.all) callback(null, answers);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  };
}
