import { type StringOptions, Type } from '@sinclair/typebox';

/**
 * Characters that no text for people may have, as the inside of a pattern's brackets: controls (a terminal obeys them),
 * line ends, and marks that turn the direction of what follows, so that a text reads as another one.
 */
const HIDDEN = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
/** The same, but for tab and line feed or carriage return. */
const HIDDEN_IN_PROSE = HIDDEN.replace('\\u0000-\\u001f', '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f');

/** Each part excludes what begins the next, so that a match never has to go back: linear in the text. */
const NAME = `^[^\\S${HIDDEN}]*[^\\s${HIDDEN}][^${HIDDEN}]*$`;
const LINE = `^[^${HIDDEN}]*$`;
const CURSOR = '^[A-Za-z0-9_-]{1,100}$';
const PROSE = `^[^${HIDDEN_IN_PROSE}]*$`;

/** What is wrong with a text that does not match, in words. */
export const PATTERN_FAULTS: Readonly<Record<string, string>> = {
  [NAME]: 'must have a visible character, and no control characters or line ends',
  [LINE]: 'must have no control characters or line ends',
  [CURSOR]: 'must be the next_cursor of an earlier answer, unchanged',
  [PROSE]: 'must have no control characters but tabs and line ends',
};

type Bounded = StringOptions & { maxLength: number };

/** What people call a thing: one line, not blank. */
export const Name = (options: Bounded) => Type.String({ minLength: 1, pattern: NAME, ...options });

/** One line of text that people read. */
export const Line = (options: Bounded) => Type.String({ pattern: LINE, ...options });

/** Text that people read, of one or more lines. */
export const Prose = (options: Bounded) => Type.String({ pattern: PROSE, ...options });

/** The place in a list after which a page begins, as the page before has told it. */
export const Cursor = () =>
  Type.String({ pattern: CURSOR, description: '`next_cursor` of the page before.' });

/** A header's name: a token (RFC 9110, 5.6.2). */
export const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";
