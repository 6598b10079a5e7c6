import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DataKey } from '../secrets/secret-box.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** How long the id of a data key is, in characters. */
const ID_LENGTH = 8;

/** How much longer bytes become when they are sealed. */
export const SEAL_BYTES = ID_LENGTH + NONCE_BYTES + TAG_BYTES;

/** Encrypts bytes with AES-256-GCM: the id of the key, a random nonce, the ciphertext, the tag. */
export function sealBytes({ id, key }: DataKey, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  return Buffer.concat([
    Buffer.from(id, 'latin1'),
    nonce,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** The id of the key that sealed these bytes. */
export const keyIdOf = (sealed: Buffer): string => sealed.toString('latin1', 0, ID_LENGTH);

/** Reverses sealBytes. Throws if another key sealed the bytes, or they were changed. */
export function openBytes({ key }: DataKey, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(ID_LENGTH, ID_LENGTH + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([
    decipher.update(sealed.subarray(ID_LENGTH + NONCE_BYTES, -TAG_BYTES)),
    decipher.final(),
  ]);
}
