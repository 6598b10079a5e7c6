/** An escape of JSON. JSON.stringify writes half a surrogate pair as one, and only half a pair as `\ud…`. */
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;
const REPLACEMENT = '\ufffd';

/**
 * JSON that a script reads inside Redis. JavaScript allows half a surrogate pair in a string, as one that was cut has it;
 * Redis's reader does not, and the whole script would fail with it, for all whom it is run for. UTF-8 would write such a
 * half as U+FFFD, and so does this.
 */
export function luaJson(value: object): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\ud')) return json;
  return json.replace(ESCAPE, (text) => (text.length > 2 ? REPLACEMENT : text));
}
