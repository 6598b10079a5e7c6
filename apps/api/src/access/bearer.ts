const BEARER = /^bearer +(\S+) *$/i;

/** The key of an Authorization header (RFC 6750, 2.1); undefined where there is none. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  BEARER.exec(authorization ?? '')?.[1];
