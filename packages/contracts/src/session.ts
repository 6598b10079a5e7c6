import { type Static, Type } from '@sinclair/typebox';
import { ApiKey } from './api-key.js';

/** The cookie that a browser gets for an API key. */
export const SESSION_COOKIE = 'agenthook_session';
/** How long a session lasts after its last use. */
export const SESSION_SECONDS = 12 * 3600;
/** When a session ends after its start, however much it is used. */
export const MAX_SESSION_SECONDS = 7 * 86_400;
/** How many sessions one key may have at a time; one more ends the oldest. */
export const MAX_SESSIONS_PER_KEY = 50;

export const SessionInput = Type.Object(
  { api_key: Type.String({ minLength: 1, maxLength: 1000 }) },
  { additionalProperties: false },
);
export type SessionInput = Static<typeof SessionInput>;

/** Who is signed in. */
export const Session = Type.Object(
  {
    ...Type.Pick(ApiKey, ['name', 'role', 'see_payloads']).properties,
    expires_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description:
        'Use moves it on, up to 7 days after the start. null for a request with a key that does not expire.',
    }),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;

const time = (description: string) => Type.String({ format: 'date-time', description });

/** A session as it is listed. */
export const ListedSession = Type.Object(
  {
    id: Type.String({ description: 'As in `ses_…`. It opens nothing.' }),
    ...Type.Pick(ApiKey, ['name', 'role']).properties,
    key_id: Type.Union([Type.String(), Type.Null()], {
      description: 'The key that it was started with; null for ADMIN_API_KEY.',
    }),
    started_at: time('When somebody signed in.'),
    last_used_at: time('To within ten minutes.'),
    expires_at: time('When it ends if it is not used until then.'),
    current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
  },
  { $id: 'ListedSession' },
);
export type ListedSession = Static<typeof ListedSession>;

export const SessionList = Type.Object({
  sessions: Type.Array(Type.Ref('ListedSession')),
  next_cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Pass it as `cursor` to get the next page; null on the last page.',
  }),
});
