import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Encrypts secrets that are kept in Redis. */
export interface SecretBox {
  /** Returns `v1.<nonce>.<ciphertext and tag>`, base64url. `context` (what the secret is for) must match to open it. */
  seal: (plain: string, context: string) => string;
  /** Throws when the text was sealed with another key or for another context, or was changed. */
  open: (sealed: string, context: string) => string;
  /** Does as `open` and keeps what it opened last, for secrets that each request needs: opening costs as much as an HMAC. */
  openOften: (sealed: string, context: string) => string;
}

/** How many opened secrets are kept. */
const KEPT = 1_000;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key derived from SECRET_KEY with HKDF-SHA-256 (RFC 5869). */
export function createSecretBox(secretKey: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'agenthook secret box v1', 32));
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
  };
  return box;
}
