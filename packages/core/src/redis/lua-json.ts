/** A JSON escape. JSON.stringify escapes half of a surrogate pair, and nothing else, as `\ud…`. */
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;
const REPLACEMENT = '\ufffd';

/**
 * JSON that a script parses inside Redis. A JavaScript string may contain half of a surrogate pair, for
 * example after a cut. Redis's parser rejects it, and the script would fail for every task in its batch.
 * Replaces such a half with U+FFFD, as UTF-8 would.
 */
export function luaJson(value: object): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\ud')) return json;
  return json.replace(ESCAPE, (text) => (text.length > 2 ? REPLACEMENT : text));
}
