import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { bytesOfSecret } from '../secrets/signing-secret.js';

/** A stored secret of a callback. The first one in an agent's list is the current one. */
export interface StoredSecret {
  sealed: string;
  /** Until when it signs along with its successor, in ms since the epoch, as text. */
  expires_ms?: string;
}

export const sealCallbackSecret = (box: SecretBox, agentId: string, secret: string): string =>
  box.seal(secret, contextOf.callback(agentId));

/** The keys that sign at `now`, the current one first. */
export function signingKeys(box: SecretBox, agentId: string, stored: StoredSecret[], now: number): Buffer[] {
  return stored
    .filter(({ expires_ms }) => expires_ms === undefined || Number(expires_ms) > now)
    .flatMap(({ sealed }) => bytesOfSecret(box.open(sealed, contextOf.callback(agentId))) ?? []);
}
