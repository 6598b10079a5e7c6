import { SESSION_COOKIE, SESSION_SECONDS } from '@agenthook/contracts';

/** The session's token in a Cookie header (RFC 6265, 5.4); undefined where there is none. */
export function readSessionCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=');
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

/**
 * The Set-Cookie header that gives a browser its session, or takes it away where the token is ''. Only our own pages
 * send it back (SameSite), and no script reads it (HttpOnly).
 *
 * @param publicUrl where it begins with https, the cookie goes over https alone
 */
export function sessionCookie(token: string, publicUrl: string): string {
  const maxAge = token === '' ? 0 : SESSION_SECONDS;
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${SESSION_COOKIE}=${token}; Max-Age=${maxAge}; Path=/api; HttpOnly; SameSite=Strict${secure}`;
}
