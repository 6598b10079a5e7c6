import { SESSION_COOKIE, SESSION_SECONDS } from '@agenthook/contracts';

/** The session token in a Cookie header (RFC 6265, 5.4); undefined if there is none. */
export function readSessionCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=');
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/**
 * The Set-Cookie header that gives a browser its session or, if the token is '', removes it. Only our own
 * pages send it back (SameSite), and scripts cannot read it (HttpOnly).
 *
 * @param publicUrl if it begins with https, the cookie is sent only over https
 */
export function sessionCookie(token: string, publicUrl: string): string {
  const maxAge = token === '' ? 0 : SESSION_SECONDS;
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${SESSION_COOKIE}=${token}; Max-Age=${maxAge}; Path=/api; HttpOnly; SameSite=Strict${secure}`;
}
