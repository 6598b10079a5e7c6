/** Node's, undici's and TLS's codes for a connection that could not be made or did not last. */
const NETWORK_CODE =
  /^(E[A-Z]{4,}|EAI_\w+|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_(TLS|SSL)_\w+)$/;

/** The code of the network error that lies behind `error`, anywhere along its causes; undefined where there is none. */
export function networkErrorCode(error: unknown): string | undefined {
  let current = error;
  // Errors are told by their fields: those of another realm are no instance of this one's Error.
  for (let depth = 0; depth < 10 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && NETWORK_CODE.test(code)) return code;
    current = cause;
  }
  return undefined;
}
