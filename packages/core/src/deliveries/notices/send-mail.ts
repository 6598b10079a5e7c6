import { isIP } from 'node:net';
import { type Egress, EgressError } from '@agenthook/egress';
import { createTransport, type Transporter } from 'nodemailer';
import type { Context } from '../../context.js';
import type { Posted } from '../post-callback.js';
import type { Mail } from './kinds/channel-kind.js';

/** The ports of SMTP with TLS from the start, and of submission with STARTTLS (RFC 8314, RFC 6409). */
const PORTS: Readonly<Record<string, number>> = { 'smtps:': 465, 'smtp:': 587 };

/**
 * Sends a mail over SMTP. The server of a channel is reached through egress; that of the operator, `ownUrl`,
 * is trusted. A password is only sent over TLS, or to this machine. Throws if `signal` aborts.
 */
export async function sendMail(
  ctx: Context,
  egress: Egress,
  { smtpUrl, from, to, subject, text }: Mail,
  about: { id: string; ownUrl: string; signal: AbortSignal; timeoutMs: number },
): Promise<Posted> {
  const { id, signal, timeoutMs } = about;
  const at = new Date(ctx.now()).toISOString();
  const started = performance.now();
  const end = (response_status: number | null, error: string | null, response_excerpt: string) => ({
    attempt: {
      at,
      response_status,
      error,
      response_excerpt,
      duration_ms: Math.round(performance.now() - started),
    },
  });
  const url = new URL(smtpUrl ?? about.ownUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (PORTS[url.protocol] ?? 587);
  let transport: Transporter | undefined;
  const stop = () => transport?.close();
  try {
    const address = smtpUrl === undefined ? host : (await egress.resolve(host, port, { signal })).address;
    signal.throwIfAborted();
    const hasUser = url.username !== '';
    const mailer = createTransport({
      host: address,
      port,
      secure: url.protocol === 'smtps:',
      requireTLS: hasUser && !isLoopback(address),
      ...(isIP(host) === 0 && { servername: host }),
      ...(hasUser && {
        auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    transport = mailer as Transporter;
    signal.addEventListener('abort', stop);
    const domain = from.slice(from.indexOf('@') + 1);
    const { response } = await mailer.sendMail({
      from,
      to: [...to],
      subject,
      text,
      messageId: `<${id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: absence notices do not answer
    });
    return { ...end(Number(response.slice(0, 3)) || 250, null, excerpt(response)), outcome: 'delivered' };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EgressError) {
      const isRefused = error.code === 'blocked' || error.code === 'invalid_url';
      return { ...end(null, error.message, ''), outcome: isRefused ? 'refused' : 'failed' };
    }
    const { responseCode = null, response = '', code = '' } = error as SmtpError;
    const why = response
      ? `The mail server answered ${excerpt(response)}`
      : `Mail server ${host}: ${reasonOf(code)}`;
    return { ...end(responseCode, why, excerpt(response)), outcome: 'failed' };
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** What nodemailer says of a failure: https://nodemailer.com/errors */
interface SmtpError {
  code?: string;
  response?: string;
  responseCode?: number;
}

const REASONS: Readonly<Record<string, string>> = {
  ETIMEDOUT: 'it did not answer in time.',
  EDNS: 'its name was not found.',
  ETLS: 'no TLS connection could be made; a password is only sent over TLS.',
  EAUTH: 'it did not accept the user name and the password.',
};

const reasonOf = (code: string): string =>
  REASONS[code] ?? `no connection could be made (${code || 'unknown'}).`;

const isLoopback = (address: string): boolean =>
  address === '::1' || address.startsWith('127.') || address === 'localhost';

const excerpt = (response: string): string => response.slice(0, 300).replace(/[^\P{Cc}\n]/gu, '');
