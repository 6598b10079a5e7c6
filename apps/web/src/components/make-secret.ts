import type { Schema } from '../api/client.js';

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** A new secret in the form that a sender accepts. */
export const MAKERS: Record<NonNullable<Schema<'SenderInfo'>['generates']>, () => string> = {
  hex: () => Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  // Standard Webhooks, "Signature scheme": whsec_ and the base64 of 24 to 64 bytes.
  whsec: () => `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`,
};
