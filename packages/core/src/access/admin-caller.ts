import type { Caller } from './find-caller.js';

/** The caller that holds the environment's key. That key is not stored, so it cannot be revoked here. */
export const ADMIN_CALLER: Caller = {
  role: 'admin',
  see_payloads: true,
  key_id: null,
  name: 'ADMIN_API_KEY',
  expires_ms: null,
};
