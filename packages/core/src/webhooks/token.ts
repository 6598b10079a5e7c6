import { hash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const SHAPE = /^whk_[A-Za-z0-9_-]{43}$/;

/** A new webhook token: `whk_` and 256 random bits in base64url. */
export const createToken = (): string => `whk_${randomBytes(TOKEN_BYTES).toString('base64url')}`;

/** Whether a text could be a token at all; asked before Redis is. */
export const isTokenShaped = (text: string): boolean => SHAPE.test(text);

/** What is stored of a token. Unsalted on purpose: the token has 256 random bits, and is looked up by this. */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url');

/** The last four characters, by which a person tells tokens apart. */
export const hintOf = (token: string): string => token.slice(-4);
