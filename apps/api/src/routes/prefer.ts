import { MAX_WAIT_SECONDS } from '@agenthook/contracts';

/** The preferences of a caller that the trigger applies (RFC 7240). */
export interface Preference {
  /** How long to wait for the end of the task, in seconds; 0: not at all. */
  waitSeconds: number;
  /** The value of Preference-Applied. */
  applied: string;
}

/**
 * Reads a Prefer header: `wait=30`, at most MAX_WAIT_SECONDS, or `respond-async`, which means not to wait.
 * undefined if it has neither. The first of repeated preferences counts; all others are ignored (RFC 7240,
 * 2).
 */
export function readPrefer(header: string | string[] | undefined): Preference | undefined {
  if (header === undefined) return undefined;
  let wait: number | undefined;
  let isAsync = false;
  for (const part of split(String(header), ',')) {
    const [name = '', value = ''] = preferenceOf(part);
    if (name === 'respond-async') isAsync = true;
    if (name === 'wait' && wait === undefined && /^\d{1,9}$/.test(value))
      wait = Math.min(Number(value), MAX_WAIT_SECONDS);
  }
  if (wait !== undefined && wait > 0) return { waitSeconds: wait, applied: `wait=${wait}` };
  return isAsync || wait === 0
    ? { waitSeconds: 0, applied: isAsync ? 'respond-async' : 'wait=0' }
    : undefined;
}

/** The name of a preference in lower case, and its value without quotes. Parameters are left out. */
function preferenceOf(member: string): [name: string, value: string] {
  const [preference = ''] = split(member, ';');
  const [name = '', ...rest] = preference.split('=');
  const value = rest.join('=').trim();
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return [name.trim().toLowerCase(), isQuoted ? value.slice(1, -1) : value];
}

/** The parts of a text between separators outside of quotes (RFC 9110, 5.6.1 and 5.6.4). */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\' && isQuoted) at++;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
