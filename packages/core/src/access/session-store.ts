import { createHmac } from 'node:crypto';
import { MAX_SESSION_SECONDS, SESSION_SECONDS } from '@agenthook/contracts';
import type { RowKind } from '../redis/stored-row.js';

export const SESSION_MS = SESSION_SECONDS * 1000;
/** The longest time a session lasts after its start, however often it is used, in ms. */
export const LONGEST_SESSION_MS = MAX_SESSION_SECONDS * 1000;

/** The smallest extension of a session that is written, in ms. Saves a write at every request. */
export const RENEW_STEP_MS = 10 * 60_000;

/** A stored session, as JSON under its token's hash. */
export interface StoredSession {
  id: string;
  /** The hash of its stored key, or the value that binds it to the environment's key. */
  owner: string;
  /** The id of its stored key; '' for the environment's. */
  key_id: string;
  started_ms: number;
  /** Accurate to ten minutes. */
  used_ms: number;
}

export const SESSION: RowKind<StoredSession> = {
  name: 'session',
  fields: { id: 'string', owner: 'string', key_id: 'string', started_ms: 'time', used_ms: 'time' },
};

/**
 * The prefix of `owner` for sessions of the environment's key. For a stored key, `owner` is the key's hash.
 */
export const ADMIN_OWNER = 'admin:';

/**
 * Binds a session to the environment's key, so that the session ends when that key changes. It is derived
 * from the session's token, which is not stored: nobody can test guessed keys against the data in Redis.
 */
export const adminOwner = (token: string, adminApiKey: string): string =>
  ADMIN_OWNER + createHmac('sha256', token).update(adminApiKey).digest('base64url');

const PREFIX = 'ses_';
const TIME_DIGITS = 12;
const RANDOM_DIGITS = 16;
export const ID_LENGTH = PREFIX.length + TIME_DIGITS + RANDOM_DIGITS;

/** The beginning of session ids created at a given time, in ms since the epoch. Ids sort by creation time. */
export const idAt = (ms: number): string => PREFIX + Math.max(0, ms).toString(16).padStart(TIME_DIGITS, '0');

/** Whether a text has the form of a session id. The id reveals nothing about the session's token. */
export const isSessionId = (text: string): boolean => /^ses_[0-9a-f]{28}$/.test(text);

/** The token's hash of a member of the index. */
export const tokenHashOf = (member: string): string => member.slice(ID_LENGTH + 1);

/** A session's member in the index: its id and its token's hash. */
export const memberOf = (id: string, hash: string): string => `${id} ${hash}`;
