import { type ApiKey, iso, isoOrNull, type Role } from '@agenthook/contracts';
import type { RowKind } from '../redis/stored-row.js';

/** How accurate the last use of a key is, in ms. Saves a write at every read of a key. */
export const USED_STEP_MS = 60_000;

/** What the id of a key begins with whose own cannot be read: its hash follows. */
export const DAMAGED_KEY = 'key_';

/** A stored API key, under its hash. */
export interface StoredKey {
  id: string;
  name: string;
  role: Role;
  see_payloads: boolean;
  hint: string;
  created_ms: number;
  expires_ms: number | null;
}

export const API_KEY: RowKind<StoredKey> = {
  name: 'API key',
  fields: {
    id: 'string',
    name: 'string',
    role: 'string',
    see_payloads: 'boolean',
    hint: 'string',
    created_ms: 'time',
    expires_ms: 'time?',
  },
};

/** A stored key as the API shows it. */
export const apiKeyOf = (stored: StoredKey, lastUsedMs: number | null): ApiKey => ({
  id: stored.id,
  name: stored.name,
  role: stored.role,
  see_payloads: stored.see_payloads,
  key_hint: stored.hint,
  created_at: iso(stored.created_ms),
  last_used_at: isoOrNull(lastUsedMs),
  expires_at: isoOrNull(stored.expires_ms),
});
