import { EgressError } from './egress.js';

/** Reasons that are useful to a model. The codes are from Node, undici and OpenSSL. */
const REASONS: [RegExp, string][] = [
  [/^(ENOTFOUND|EAI_NODATA|EAI_NONAME)$/, 'the host was not found'],
  [/^EAI_/, 'its name could not be resolved right now'],
  [/^ECONNREFUSED$/, 'the connection was refused'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'the connection broke'],
  [/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, 'the connection could not be made in time'],
  [/^UND_ERR_HEADERS_TIMEOUT$/, 'it did not answer in time'],
  [/^UND_ERR_HEADERS_OVERFLOW$/, 'the headers of its answer are too large'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'there is no route to it from here'],
  [/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/, 'its TLS certificate is not valid'],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO)/, 'a TLS connection could not be made'],
  [/^(HPE_|UND_ERR_RES_|UND_ERR_RESPONSE)/, 'its answer is not valid HTTP'],
  [/^(Z_|ERR__ERROR_|ERR_BROTLI|ERR_PADDING|ERR_BUFFER)/, 'its answer is not compressed as it says'],
];

/** There was no connection, so no request was sent. */
const NO_CONNECTION =
  /^(E?NOTFOUND|EAI_.*|ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_CERT_.*)$/;

/**
 * Converts any failure of a hop to an EgressError. The message contains only the host: a path or a query may
 * contain credentials, and so may messages of the libraries below.
 */
export function toEgressError(error: unknown, host: string): EgressError {
  let current = error;
  let code: string | undefined;
  // fetch wraps errors, and so does a connection that tried several addresses.
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    if (current instanceof EgressError) return current;
    const inner = current as { name?: unknown; code?: unknown; cause?: unknown; errors?: unknown[] };
    if (code === undefined && typeof inner.code === 'string') code = inner.code;
    // undici 8 does not set the code of this one.
    if (code === undefined && inner.name === 'HTTPParserError') code = 'HPE_';
    current = inner.cause ?? inner.errors?.[0];
  }
  const reason = REASONS.find(([pattern]) => pattern.test(code ?? ''))?.[1] ?? 'the request failed';
  return new EgressError('network', `Could not reach ${host}: ${reason}.`, !NO_CONNECTION.test(code ?? ''));
}
