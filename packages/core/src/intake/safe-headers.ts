import { isUtf8 } from 'node:buffer';
import { MAX_KEPT_HEADER_BYTES } from '@agenthook/contracts';
import { KEY_HEADER } from './idempotency-key.js';

/** Headers of the connection, which say nothing about the event. */
const OF_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);
/** Headers without which a kept body cannot be read again. They come before all others. */
const OF_BODY = ['content-type', 'content-encoding'];
/** Headers that hold, or by their name may hold, a credential, a cookie or a signature. */
const CREDENTIAL = /auth|cookie|credential|hmac|key|passw|secret|session|signature|token|(?:^|-)sig(?:-|$)/;
/** Headers that name addresses: what proxies add about the sender. */
const ADDRESS = /forwarded|remote|(?:^|-)(?:ip|addr|address|ips)(?:-|$)|^(?:cf|x-envoy|x-original|x-real)-/;

/** Limits for headers that are shown by name only. */
const MAX_NAMES = 60;
const MAX_NAME_LENGTH = 100;
/** Longest value that is shown of a header that identifies a retry. */
const MAX_ID_LENGTH = 500;

type Headers = Record<string, string | string[] | undefined>;

const isShown = (name: string): boolean =>
  !OF_CONNECTION.has(name) && !CREDENTIAL.test(name) && !ADDRESS.test(name);

/** Node reads headers as Latin-1: one character is one byte. Most clients write other letters in UTF-8. */
function asSent(value: string): string {
  if (!/[\x80-\xff]/.test(value) || /[^\0-\xff]/.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : value;
}

/**
 * The request headers that a task stores, and that templates and filters see: all but those of the
 * connection, credentials, cookies, addresses and signatures, and those in `hidden` (in lower case). Those
 * that do not fit into 8 KiB are left out whole.
 */
export function safeHeaders(headers: Headers, hidden: readonly string[] = []): Record<string, string> {
  const safe: Record<string, string> = {};
  let left = MAX_KEPT_HEADER_BYTES;
  const take = (name: string, value = headers[name]) => {
    if (typeof value !== 'string' || Object.hasOwn(safe, name) || hidden.includes(name) || !isShown(name))
      return;
    const size = name.length + value.length;
    if (size > left) return;
    left -= size;
    safe[name] = asSent(value);
  };
  for (const name of OF_BODY) take(name);
  for (const [name, value] of Object.entries(headers)) take(name, value);
  return safe;
}

/**
 * The headers that a webhook's owner sees: safe headers and those that identify a retry (the idempotency key
 * and `idHeader`, in lower case) with values, all others with null. `hidden` is as for safeHeaders.
 */
export function shownHeaders(
  headers: Headers,
  { idHeader, hidden }: { idHeader?: string | undefined; hidden?: readonly string[] } = {},
): Record<string, string | null> {
  const names = Object.keys(headers).slice(0, MAX_NAMES);
  const shown: Record<string, string | null> = Object.fromEntries(
    names.map((name) => [name.slice(0, MAX_NAME_LENGTH), null]),
  );
  for (const name of [KEY_HEADER, idHeader ?? KEY_HEADER]) {
    const value = headers[name];
    if (typeof value === 'string') shown[name] = value.slice(0, MAX_ID_LENGTH);
  }
  return Object.assign(shown, safeHeaders(headers, hidden));
}
