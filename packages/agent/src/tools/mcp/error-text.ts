import { cut } from '../cut.js';

/** What is shown of the data of an error, in characters. */
const LONGEST_DATA = 1_000;
/** A text as it is, and anything else as JSON. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** An error's message with its data, which often says what a general message does not. */
export function withData(message: string, data: unknown): string {
  const more = data === undefined || data === null ? '' : textOf(data);
  return more === '' || message.includes(more) ? message : `${message}: ${cut(more, LONGEST_DATA)}`;
}
