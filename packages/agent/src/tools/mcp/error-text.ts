/** How much of a message is searched for its data, in characters. */
const LONGEST_SEARCHED = 2_000;

/** A text as it is, and anything else as JSON; empty if it nests too deeply for that. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** An error's message with its data, which often says what a general message does not. */
export function withData(message: string, data: unknown): string {
  const more = data === undefined || data === null ? '' : textOf(data);
  const isTold = more.length <= LONGEST_SEARCHED && message.slice(0, LONGEST_SEARCHED).includes(more);
  return more === '' || isTold ? message : `${message}: ${more}`;
}
