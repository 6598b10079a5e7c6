/** Maximum length of an issue's path, in characters. Property names come from outside. */
const MAX_TEXT = 200;

/** A text as an answer may quote it: at most its first `max` characters. */
export const cutText = (text: string, max = MAX_TEXT): string =>
  text.length > max ? `${text.slice(0, max)}…` : text;

/** The JSON Pointer (RFC 6901) to `name` below `parent`, or to `parent`, cut to 200 characters. */
export function issuePath(parent: string, name?: string): string {
  // Cut first, to bound the time that escaping takes.
  return cutText(
    name === undefined ? parent : `${parent}/${cutText(name).replaceAll('~', '~0').replaceAll('/', '~1')}`,
  );
}
