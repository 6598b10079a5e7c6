import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import type { CheckHost } from './check-host.js';
import { portOf } from './target.js';

/** How long a connection, TLS included, may take to be made. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long one address is waited for before the next is tried; Node's 250 ms are too short for far servers. */
const ATTEMPT_TIMEOUT_MS = 2_000;

/**
 * Makes undici's way to open sockets. The host is looked up and checked here, and the socket can only be connected to
 * what was checked: a name that answers differently the next time (DNS rebinding) gains nothing. TLS and the Host
 * header keep the name.
 */
export function createConnector(checkHost: CheckHost): buildConnector.connector {
  return (options, callback) => {
    checkHost(options.hostname, portOf(options)).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: CONNECT_TIMEOUT_MS,
          autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS,
          lookup: pinned(addresses),
        });
        connect(options, callback);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** A lookup that knows one answer; Node tries its addresses in turn (RFC 8305). */
function pinned(addresses: string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = answers;
    if (options.all) callback(null, answers);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  };
}
