import type { Caller } from './find-caller.js';

/** Who holds the key of the environment: it is stored nowhere, and can not be revoked here. */
export const ADMIN_CALLER: Caller = {
  role: 'admin',
  see_payloads: true,
  key_id: null,
  name: 'ADMIN_API_KEY',
  expires_ms: null,
};
