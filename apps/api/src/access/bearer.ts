const BEARER = /^bearer +(\S+) *$/i;

/** The key in an Authorization header (RFC 6750, 2.1); undefined if there is none. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];
