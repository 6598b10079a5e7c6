import { type Static, Type } from '@sinclair/typebox';
import { ApiKey } from './api-key.js';

/** The cookie that a browser gets for an API key. */
export const SESSION_COOKIE = 'agenthook_session';
/** How long a session lasts after its last use. */
export const SESSION_SECONDS = 12 * 3600;

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
      description: 'Use moves it on. null for a request with a key that does not expire.',
    }),
  },
  { $id: 'Session' },
);
export type Session = Static<typeof Session>;
