import { hash, randomBytes } from 'node:crypto';

/** What a token is for, a webhook, an API key or a session: its first characters say so, wherever it turns up. */
type TokenPrefix = 'whk_' | 'ahk_' | 'ahs_';

const RANDOM_BYTES = 32;
const RANDOM_PART = /^[A-Za-z0-9_-]{43}$/;

/** A new token: the prefix and 256 random bits in base64url. */
export const createToken = (prefix: TokenPrefix): string =>
  prefix + randomBytes(RANDOM_BYTES).toString('base64url');

/** Whether a text could be a token of this kind at all; asked before Redis is. */
export const isTokenShaped = (prefix: TokenPrefix, text: string): boolean =>
  text.startsWith(prefix) && RANDOM_PART.test(text.slice(prefix.length));

/** What is stored of a token. Unsalted on purpose: the token has 256 random bits, and is looked up by this. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url');

/** The last four characters, by which a person tells tokens apart. */
export const hintOf = (token: string): string => token.slice(-4);
