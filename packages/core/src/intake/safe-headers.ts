import { KEY_HEADER } from './idempotency-key.js';

/** Headers that describe an event and that no sender uses for credentials. */
const SAFE =
  /^(content-type|user-agent|(?:webhook|svix)-(?:id|timestamp)|x-request-id|x-correlation-id|x-[a-z0-9-]*(event|topic|delivery|action|resource|hook-id|webhook-id|domain)(-(id|type|key|name|uuid))?)$/;
const MAX_LENGTH = 500;
const MAX_COUNT = 30;
/** Limits for headers that are shown by name only. */
const MAX_NAMES = 60;
const MAX_NAME_LENGTH = 100;

/**
 * The request headers that a task stores and templates may use, without those in `hidden` (in lower case).
 * Values are cut at 500 characters.
 */
export function safeHeaders(
  headers: Record<string, string | string[] | undefined>,
  hidden: readonly string[] = [],
): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string' || !SAFE.test(name) || hidden.includes(name)) continue;
    safe[name] = value.slice(0, MAX_LENGTH);
    if (Object.keys(safe).length === MAX_COUNT) break;
  }
  return safe;
}

/**
 * The headers that a webhook's owner sees: safe headers and those that identify a retry (the idempotency key
 * and `idHeader`, in lower case) with values, all others with null.
 */
export function shownHeaders(
  headers: Record<string, string | string[] | undefined>,
  idHeader?: string,
): Record<string, string | null> {
  const names = Object.keys(headers).slice(0, MAX_NAMES);
  const shown: Record<string, string | null> = Object.fromEntries(
    names.map((name) => [name.slice(0, MAX_NAME_LENGTH), null]),
  );
  for (const name of [KEY_HEADER, idHeader ?? KEY_HEADER]) {
    const value = headers[name];
    if (typeof value === 'string') shown[name] = value.slice(0, MAX_LENGTH);
  }
  return Object.assign(shown, safeHeaders(headers));
}
