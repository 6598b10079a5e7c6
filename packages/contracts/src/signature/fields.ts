import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import { HEADER_NAME } from '../text.js';

/** Default for how far a timestamp may differ from the current time, in seconds, in both directions. */
export const DEFAULT_TOLERANCE_SECONDS = 300;

/**
 * The fields that are write-only: stored encrypted and shown as `true`. A scheme has those that its sender
 * needs. `previous_secret` is the secret that was valid before.
 */
export const SECRET_FIELDS = ['secret', 'previous_secret', 'verify_token'] as const;
export type SecretField = (typeof SECRET_FIELDS)[number];

const text = Type.String({ minLength: 1, maxLength: 1_000 });
const WRITE_ONLY = 'Write-only. Shown as `true`; send `true` to keep what is stored.';

/** A field whose value is stored encrypted. Name it in SECRET_FIELDS. */
const secretField = (title: string, description = '') =>
  Type.Union([text, Type.Literal(true)], {
    title,
    description: description === '' ? WRITE_ONLY : `${description} ${WRITE_ONLY}`,
  });

const previous = {
  previous_secret: Type.Optional(
    Type.Union([text, Type.Literal(true), Type.Null()], {
      title: 'Previous secret',
      default: null,
      description:
        'Accepted in addition to `secret` while you give a sender its new secret. Write-only. Send ' +
        '`true` with `secret: true` to keep the stored one, `true` with a new `secret` to keep the ' +
        'secret that was valid until now, or null to end it.',
    }),
  ),
};

/** What a sender signs with, and the secret that was valid before. `title` is the sender's name for it. */
export const secret = (title = 'Secret', description?: string) => ({
  secret: secretField(title, description),
  ...previous,
});

/** The same for a sender that can also do without. */
export const optionalSecret = (title = 'Secret', description?: string) => ({
  secret: Type.Optional(secretField(title, description)),
  ...previous,
});

/** The token with which a sender confirms the webhook's URL. */
export const verifyToken = (title: string, description: string) => ({
  verify_token: secretField(title, description),
});

/** The sender's public key, and the one that was valid before. Neither is secret. */
export const publicKey = (title = 'Public key', description = 'The key that the sender shows.') => ({
  public_key: Type.String({ title, minLength: 1, maxLength: 2_000, description }),
  previous_public_key: Type.Optional(
    Type.String({
      title: 'Previous public key',
      minLength: 1,
      maxLength: 2_000,
      description: 'Accepted in addition to `public_key` while the sender changes its key.',
    }),
  ),
});

/** For senders that sign the time. `preset` is the default, in seconds. */
export const toleranceOf = (preset: number) => ({
  tolerance_seconds: Type.Optional(
    Type.Integer({
      title: 'Tolerance, in seconds',
      minimum: 1,
      maximum: 86_400,
      default: preset,
      description: 'How far the signed timestamp may differ from the current time, in both directions.',
    }),
  ),
});
export const tolerance = toleranceOf(DEFAULT_TOLERANCE_SECONDS);

/** For senders that sign the URL. */
export const baseUrl = {
  base_url: Type.Optional(
    Type.String({
      title: 'Base URL',
      pattern: '^https?://[^\\s/?#@]{1,255}(/[^\\s?#]{0,500})?$',
      description:
        'The part of the webhook URL before `/api/webhooks/`, as the sender calls it, because the URL is ' +
        'signed. Default: PUBLIC_URL, or what a trusted proxy or the request says.',
    }),
  ),
};

export const header = (title: string, description: string) =>
  Type.String({ title, pattern: HEADER_NAME, description });

/** The schema of one sender: its name in `scheme`, its title for people, and the fields it needs. */
export const senderSchema = <const S extends string, P extends TProperties>(
  scheme: S,
  title: string,
  description: string,
  fields: P,
) =>
  Type.Object(
    { scheme: Type.Literal(scheme), ...fields },
    { title, description, additionalProperties: false },
  );

/** The types of a table of schemas. */
export type ConfigsOf<T extends Record<string, TObject>> = { [S in keyof T]: Static<T[S]> };

/** For senders that send a secret header. */
export const secretHeader = {
  header: Type.Optional(header('Header', 'The header that contains the secret. Default: Authorization.')),
};

/** For senders that send a user name and a password. */
export const needsUserName = {
  username: Type.String({
    title: 'User name',
    minLength: 1,
    maxLength: 200,
    pattern: '^[\\x20-\\x39\\x3b-\\x7e]*$',
    description: 'The user of HTTP Basic.',
  }),
};

/** For senders that can send a password instead of a token. */
export const userName = {
  username: Type.Optional(
    Type.String({
      title: 'User name',
      maxLength: 200,
      pattern: '^[\\x20-\\x39\\x3b-\\x7e]*$',
      description: 'The user of HTTP Basic, if the sender sends a password.',
    }),
  ),
};
