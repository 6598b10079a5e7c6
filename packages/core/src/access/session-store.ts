import { createHmac } from 'node:crypto';
import { SESSION_SECONDS } from '@agenthook/contracts';

export const SESSION_MS = SESSION_SECONDS * 1000;

/** What a session of the environment's key begins with; that of a stored key holds the key's hash. */
export const ADMIN_OWNER = 'admin:';

/**
 * What binds a session to the environment's key, so that another key ends it. It is made with the session's token, which
 * is not stored: nobody can try out keys on what stands in Redis.
 */
export const adminOwner = (token: string, adminApiKey: string): string =>
  ADMIN_OWNER + createHmac('sha256', token).update(adminApiKey).digest('base64url');
