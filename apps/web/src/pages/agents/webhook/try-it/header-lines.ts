const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** Writes headers as `name: value` lines. */
export const writeHeaders = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

/** Parses headers from such lines, or returns the line that is not a header. */
export function readHeaders(
  text: string,
): { ok: true; headers: Record<string, string> } | { ok: false; problem: string } {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim();
    if (!NAME.test(name))
      return { ok: false, problem: `“${line}” is not a header. Write it as name: value.` };
    headers[name] = line.slice(colon + 1).trim();
  }
  return { ok: true, headers };
}
