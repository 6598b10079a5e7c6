import { createHmac } from 'node:crypto';
import { MAX_SESSION_SECONDS, SESSION_SECONDS } from '@agenthook/contracts';

export const SESSION_MS = SESSION_SECONDS * 1000;
/** When a session ends after its start, however much it is used, in ms. */
export const LONGEST_SESSION_MS = MAX_SESSION_SECONDS * 1000;

/** Use moves a session's end on, but not at every request: not before it would move by this, in ms. */
export const RENEW_STEP_MS = 10 * 60_000;

/** What is stored of a session, as JSON, under the hash of its token. */
export interface StoredSession {
  id: string;
  /** The hash of its stored key, or what binds it to the environment's. */
  owner: string;
  /** The id of its stored key; '' for the environment's. */
  key_id: string;
  started_ms: number;
  /** To within ten minutes. */
  used_ms: number;
}

/** What a session of the environment's key begins with; that of a stored key holds the key's hash. */
export const ADMIN_OWNER = 'admin:';

/**
 * What binds a session to the environment's key, so that another key ends it. It is made with the session's token, which
 * is not stored: nobody can try out keys on what stands in Redis.
 */
export const adminOwner = (token: string, adminApiKey: string): string =>
  ADMIN_OWNER + createHmac('sha256', token).update(adminApiKey).digest('base64url');

const PREFIX = 'ses_';
const TIME_DIGITS = 12;
const RANDOM_DIGITS = 16;
export const ID_LENGTH = PREFIX.length + TIME_DIGITS + RANDOM_DIGITS;

/** The beginning of ids from a time on, in ms since the epoch: they sort by the time of their making. */
export const idAt = (ms: number): string => PREFIX + Math.max(0, ms).toString(16).padStart(TIME_DIGITS, '0');

/** Whether a text can be the id of a session. It tells nothing of the session's token. */
export const isSessionId = (text: string): boolean => /^ses_[0-9a-f]{28}$/.test(text);

/** What stands in the index for a session: its id, and the hash of its token. */
export const memberOf = (id: string, hash: string): string => `${id} ${hash}`;
