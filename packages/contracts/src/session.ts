import { type Static, Type } from '@sinclair/typebox';
import { ApiKey } from './api-key.js';
import { Time } from './shapes.js';

/** The cookie that a browser gets in exchange for an API key. */
export const SESSION_COOKIE = 'agenthook_session';
/** How long a session lasts after its last use. */
export const SESSION_SECONDS = 12 * 3600;
/** The maximum age of a session, regardless of use. */
export const MAX_SESSION_SECONDS = 7 * 86_400;
/** How many sessions one key may have. Starting another ends the oldest. */
export const MAX_SESSIONS_PER_KEY = 50;

export const SessionInput = Type.Object(
  { api_key: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
);
export type SessionInput = Static<typeof SessionInput>;

/** How long a sign-in link is valid. */
export const SIGN_IN_LINK_SECONDS = 15 * 60;

/** A link that signs a browser in once. */
export const SignInLink = Type.Object(
  {
    url: Type.String({ description: 'A page of the Studio. The token is behind a #, so no log has it.' }),
    expires_at: Time(),
  },
  { $id: 'SignInLink' },
);
export type SignInLink = Static<typeof SignInLink>;

export const SignInLinkInput = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 100, description: '`ahl_…`' }) },
  { additionalProperties: false },
);
export type SignInLinkInput = Static<typeof SignInLinkInput>;

/** The signed-in caller. */
export const Session = Type.Object(
  {
    ...Type.Pick(ApiKey, ['name', 'role', 'see_payloads']).properties,
    expires_at: Type.Union([Time(), Type.Null()], {
      description:
        'Each use extends it, up to 7 days after sign-in. null if the request used a key that does ' +
        'not expire.',
    }),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

/** A session as lists show it. */
export const ListedSession = Type.Object(
  {
    id: Type.String({ description: 'For example `ses_…`. The id is not a credential.' }),
    ...Type.Pick(ApiKey, ['name', 'role']).properties,
    key_id: Type.Union([Type.String(), Type.Null()], {
      description: 'The key that started the session. null for ADMIN_API_KEY.',
    }),
    started_at: Time('When the session started.'),
    last_used_at: Time('Accurate to ten minutes.'),
    expires_at: Time('When the session ends if it is not used before.'),
    current: Type.Boolean({ description: "Whether this is the caller's own session." }),
  },
  { $id: 'ListedSession' },
);
export type ListedSession = Static<typeof ListedSession>;

export const SessionList = Type.Object({
  sessions: Type.Array(Type.Ref('ListedSession')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page. null on the last page.',
  }),
});
