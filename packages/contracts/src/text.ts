import { type StringOptions, Type } from '@sinclair/typebox';

/**
 * Characters that no text for people may contain, as the inside of a regular expression's brackets: control
 * characters (terminals obey them), line ends, and bidirectional marks, which make a text look like a
 * different one.
 */
const HIDDEN = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069';
/** The same, except tab, line feed and carriage return. */
const HIDDEN_IN_PROSE = HIDDEN.replace('\\u0000-\\u001f', '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f');

/**
 * What no line may contain: also halves of a character, which the Lua scripts that read a pause or a wait
 * refuse as JSON.
 */
const NOT_IN_LINE = `${HIDDEN}\\ud800-\\udfff`;

/** Each part excludes the first character of the next, so matching never backtracks: linear in the text. */
const NAME = `^[^\\S${NOT_IN_LINE}]*[^\\s${NOT_IN_LINE}][^${NOT_IN_LINE}]*$`;
const LINE = `^[^${NOT_IN_LINE}]*$`;
const CURSOR = '^[A-Za-z0-9_-]{1,100}$';
const PROSE = `^[^${HIDDEN_IN_PROSE}]*$`;

/**
 * A webhook's token. AgentHook's own have 47 characters; DocsGPT's have 43 (`secrets.token_urlsafe(32)` in
 * https://github.com/arc53/DocsGPT, application/api/user/agents/webhooks.py).
 */
export const WEBHOOK_TOKEN = '^[A-Za-z0-9_-]{32,128}$';

/** The path of a value in an event. Its parts are names after a dot, or numbers in brackets. */
export const TITLE_PATH = '^(payload|headers|query)(\\.[A-Za-z0-9_$-]{1,100}|\\[[0-9]{1,6}\\])*$';

/** The error messages for texts that do not match a pattern. */
export const PATTERN_FAULTS: Readonly<Record<string, string>> = {
  [NAME]: 'must contain a visible character, and no control characters, line ends or half characters',
  [LINE]: 'must not contain control characters, line ends or half characters',
  [CURSOR]: 'must be the next_cursor of an earlier answer, unchanged',
  [WEBHOOK_TOKEN]: 'must have 32 to 128 letters, digits, hyphens and underscores',
  [TITLE_PATH]: 'must be a path such as payload.issue.title, payload.items[0].name or headers.x-event',
  [PROSE]: 'must not contain control characters other than tabs and line ends',
};

type Bounded = StringOptions & { maxLength: number };

/** The name of an object: one line, not blank. */
export const Name = (options: Bounded) => Type.String({ minLength: 1, pattern: NAME, ...options });

/** One line of text for people. */
export const Line = (options: Bounded) => Type.String({ pattern: LINE, ...options });

/** Text for people, with one or more lines. */
export const Prose = (options: Bounded) => Type.String({ pattern: PROSE, ...options });

/** The position in a list where the page begins, from the page before. */
export const Cursor = () =>
  Type.String({ pattern: CURSOR, description: 'The `next_cursor` of the previous page.' });

/** The name of a header: a token (RFC 9110, 5.6.2). */
export const HEADER_NAME = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";
