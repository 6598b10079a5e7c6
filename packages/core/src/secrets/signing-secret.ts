import { randomBytes } from 'node:crypto';
import { CALLBACK_SECRET_BYTES, CALLBACK_SECRET_PREFIX } from '@agenthook/contracts';

/** Length of a generated secret, in bytes. */
const MADE_BYTES = 32;

/** A new secret that signs callbacks. */
export const createCallbackSecret = (): string =>
  `${CALLBACK_SECRET_PREFIX}${randomBytes(MADE_BYTES).toString('base64')}`;

/** The bytes of a secret; undefined if the text is not `whsec_` and base64 of an allowed length. */
export function bytesOfSecret(secret: string): Buffer | undefined {
  if (!secret.startsWith(CALLBACK_SECRET_PREFIX)) return undefined;
  const text = secret.slice(CALLBACK_SECRET_PREFIX.length);
  const bytes = Buffer.from(text, 'base64');
  const { min, max } = CALLBACK_SECRET_BYTES;
  return bytes.toString('base64') === text && bytes.length >= min && bytes.length <= max ? bytes : undefined;
}
