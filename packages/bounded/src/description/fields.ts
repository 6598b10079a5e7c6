/** A value of a description. It is untrusted: no field is guaranteed to have the right shape. */
export type Fields = Record<string, unknown>;

/** The text of a field; undefined if it is not a string. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Cuts a text to at most `most` characters, ending with an ellipsis. Never splits a character. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** A description that cannot be used as it is. Its message is for people and models. */
export class DescriptionError extends Error {
  override readonly name = 'DescriptionError';
}
