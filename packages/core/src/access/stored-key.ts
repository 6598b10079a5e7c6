import type { ApiKey, Role } from '@agenthook/contracts';

/** The last use of a key is kept to within this, in ms, so that not every read of a key is a write. */
export const USED_STEP_MS = 60_000;

/** What is stored of an API key, under its hash. */
export interface StoredKey {
  id: string;
  name: string;
  role: Role;
  see_payloads: boolean;
  hint: string;
  created_ms: number;
  expires_ms: number | null;
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A stored key as the API shows it. */
export const apiKeyOf = (stored: StoredKey, lastUsedMs: number | null): ApiKey => ({
  id: stored.id,
  name: stored.name,
  role: stored.role,
  see_payloads: stored.see_payloads,
  key_hint: stored.hint,
  created_at: new Date(stored.created_ms).toISOString(),
  last_used_at: iso(lastUsedMs),
  expires_at: iso(stored.expires_ms),
});
