import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Encrypts secrets that are stored in Redis. */
export interface SecretBox {
  /**
   * Returns `v1.<nonce>.<ciphertext and tag>`, base64url. `open` needs the same `context`, the secret's
   * purpose.
   */
  seal: (plain: string, context: string) => string;
  /** Throws if the text was sealed with another key or context, or was changed. */
  open: (sealed: string, context: string) => string;
  /**
   * Like `open`, but caches recent results, for secrets that every request needs. Opening costs as much as an
   * HMAC.
   */
  openOften: (sealed: string, context: string) => string;
  /** 32 bytes that always belong to the text, and that no one can compute without SECRET_KEY. */
  digest: (text: string, context: string) => Buffer;
}

/** Maximum number of cached secrets. */
const KEPT = 1_000;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a key derived from SECRET_KEY by HKDF-SHA-256 (RFC 5869). */
export function createSecretBox(secretKey: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'agenthook secret box v1', 32));
  const digestKey = Buffer.from(hkdfSync('sha256', secretKey, '', 'agenthook digests v1', 32));
  const opened = new LRUCache<string, string>({ max: KEPT });
  const box: SecretBox = {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${nonce.toString('base64url')}.${body.toString('base64url')}`;
    },
    open: (sealed, context) => {
      const [version, nonce = '', body = ''] = sealed.split('.');
      const bytes = Buffer.from(body, 'base64url');
      if (version !== 'v1' || bytes.length < TAG_BYTES) throw new Error('not a sealed secret');
      const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      );
    },
    openOften: (sealed, context) => {
      const key = `${context} ${sealed}`;
      const plain = opened.get(key) ?? box.open(sealed, context);
      opened.set(key, plain);
      return plain;
    },
    digest: (text, context) => createHmac('sha256', digestKey).update(`${context}\0${text}`).digest(),
  };
  return box;
}
