/** Longer texts do not fit into one command argument on Linux (MAX_ARG_STRLEN, 128 KiB). */
const MAX_ARGUMENT = 100_000;
/** Headers that identify one request or that the client sets itself. They must not be sent again. */
export const OF_ONE_DELIVERY = /^(content-|accept|user-agent$)|(-id|-timestamp|-delivery|-uuid)$/;

/** Quotes a text as one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A command that posts a payload again. Only its owner knows the webhook URL, so the command uses
 * $WEBHOOK_URL.
 */
export function curlOf(
  payload: unknown,
  headers: Record<string, string>,
  query: Record<string, string | string[]> = {},
): string {
  const body = JSON.stringify(payload);
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const each of [value].flat()) parameters.append(name, each);
  const url = parameters.size === 0 ? '' : `?${parameters}`;
  const lines = [`curl -X POST "$WEBHOOK_URL${url}"`, `-H ${quoted('Content-Type: application/json')}`];
  for (const [name, value] of Object.entries(headers)) {
    if (!OF_ONE_DELIVERY.test(name)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body.length <= MAX_ARGUMENT) return [...lines, `--data-raw ${quoted(body)}`].join(' \\\n  ');
  return `${[...lines, "--data-binary @- <<'PAYLOAD'"].join(' \\\n  ')}\n${body}\nPAYLOAD`;
}
