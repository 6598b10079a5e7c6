/** The codes of Node, undici and TLS for a connection that failed or broke. */
const NETWORK_CODE =
  /^(E[A-Z]{4,}|EAI_\w+|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_(TLS|SSL)_\w+)$/;

/** The code of the network error among the causes of `error`; undefined if there is none. */
export function networkErrorCode(error: unknown): string | undefined {
  let current = error;
  // Checks fields, because errors of another realm are not instances of this realm's Error.
  for (let depth = 0; depth < 10 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && NETWORK_CODE.test(code)) return code;
    current = cause;
  }
  return undefined;
}
