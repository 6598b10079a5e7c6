import { hash, randomBytes } from 'node:crypto';
import { WEBHOOK_TOKEN } from '@agenthook/contracts';

/** The prefix of a token shows its purpose: webhook, API key, session, sign-in link, or shared run. */
type TokenPrefix = 'whk_' | 'ahk_' | 'ahs_' | 'ahl_' | 'ahr_';

const RANDOM_BYTES = 32;
const WEBHOOK_FORM = new RegExp(WEBHOOK_TOKEN);
const RANDOM_PART = /^[A-Za-z0-9_-]{43}$/;

/** A new token: the prefix and 256 random bits in base64url. */
export const createToken = (prefix: TokenPrefix): string =>
  prefix + randomBytes(RANDOM_BYTES).toString('base64url');

/** Whether a text has the form of such a token. Checked before asking Redis. */
export const isTokenShaped = (prefix: TokenPrefix, text: string): boolean =>
  text.startsWith(prefix) && RANDOM_PART.test(text.slice(prefix.length));

/** Whether a text can be a webhook's token: one of ours, or one from another installation. */
export const isWebhookToken = (text: string): boolean => WEBHOOK_FORM.test(text);

/** Whether a text begins as an API key, a session or a link's secret does: none may become part of a URL. */
export const isOtherCredential = (text: string): boolean => /^ah[klrs]_/.test(text);

/**
 * The stored hash of a token. It needs no salt, because the token has 256 random bits, and look-ups use it.
 */
export const hashToken = (token: string): string => hash('sha256', token, 'base64url');

/** The last four characters, by which a person recognizes a token. */
export const hintOf = (token: string): string => token.slice(-4);
