import { randomBytes } from 'node:crypto';
import { CALLBACK_SECRET_BYTES, CALLBACK_SECRET_PREFIX } from '@agenthook/contracts';
import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';

/** Length of a generated secret, in bytes. */
const MADE_BYTES = 32;

/** A stored secret of a callback. The first one in an agent's list is the current one. */
export interface StoredSecret {
  sealed: string;
  /** Until when it signs along with its successor, in ms since the epoch, as text. */
  expires_ms?: string;
}

export const createCallbackSecret = (): string =>
  `${CALLBACK_SECRET_PREFIX}${randomBytes(MADE_BYTES).toString('base64')}`;

export const sealCallbackSecret = (box: SecretBox, agentId: string, secret: string): string =>
  box.seal(secret, contextOf.callback(agentId));

/** The bytes of a secret; undefined if the text is not `whsec_` and base64 of an allowed length. */
export function bytesOfSecret(secret: string): Buffer | undefined {
  if (!secret.startsWith(CALLBACK_SECRET_PREFIX)) return undefined;
  const text = secret.slice(CALLBACK_SECRET_PREFIX.length);
  const bytes = Buffer.from(text, 'base64');
  const { min, max } = CALLBACK_SECRET_BYTES;
  return bytes.toString('base64') === text && bytes.length >= min && bytes.length <= max ? bytes : undefined;
}

/** The keys that sign at `now`, the current one first. */
export function signingKeys(box: SecretBox, agentId: string, stored: StoredSecret[], now: number): Buffer[] {
  return stored
    .filter(({ expires_ms }) => expires_ms === undefined || Number(expires_ms) > now)
    .flatMap(({ sealed }) => bytesOfSecret(box.open(sealed, contextOf.callback(agentId))) ?? []);
}
