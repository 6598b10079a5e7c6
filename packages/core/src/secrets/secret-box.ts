import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Encrypts secrets that are stored in Redis. */
export interface SecretBox {
  /**
   * Returns `v1.<nonce>.<ciphertext and tag>`, base64url. `open` needs the same `context`, the secret's
   * purpose.
   */
  seal: (plain: string, context: string) => string;
  /** Throws if the text was sealed with an unknown key or another context, or was changed. */
  open: (sealed: string, context: string) => string;
  /**
   * Like `open`, but caches recent results, for secrets that every request needs. Opening costs as much as an
   * HMAC.
   */
  openOften: (sealed: string, context: string) => string;
  /** 32 bytes that always belong to the text, and that no one can compute without the key that seals. */
  digest: (text: string, context: string) => Buffer;
  /** The digests of the text by all known keys. */
  digests: (text: string, context: string) => Buffer[];
  /** A key for texts and files of each known key, by its fingerprint; the one that seals comes first. */
  dataKeys: () => readonly DataKey[];
  /** Names the known keys, for a comparison with other processes; the key that seals comes first. */
  fingerprints: () => string[];
  /**
   * Seals from now on with the known key that opens this text. Returns whether there is one; otherwise
   * nothing changes.
   */
  sealLike: (sealed: string, context: string) => boolean;
}

/** A key that texts and files are sealed with, 32 bytes. */
export interface DataKey {
  id: string;
  key: Buffer;
}

/** Maximum number of cached secrets. */
const KEPT = 1_000;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FINGERPRINT_BYTES = 6;

/** What is derived from one SECRET_KEY. */
interface Keys {
  box: Buffer;
  digest: Buffer;
  data: Buffer;
  fingerprint: string;
}

function keysOf(secretKey: string): Keys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, '', purpose, 32));
  return {
    box: derive('agenthook secret box v1'),
    digest: derive('agenthook digests v1'),
    data: derive('agenthook data key v1'),
    fingerprint: derive('agenthook fingerprint v1').subarray(0, FINGERPRINT_BYTES).toString('base64url'),
  };
}

/**
 * AES-256-GCM with a key derived from SECRET_KEY by HKDF-SHA-256 (RFC 5869).
 *
 * @param previousKey also opens, while the key is being rotated
 */
export function createSecretBox(secretKey: string, previousKey?: string): SecretBox {
  let known = [secretKey, ...(previousKey === undefined ? [] : [previousKey])].map(keysOf);
  const opened = new LRUCache<string, string>({ max: KEPT });
  const first = () => known[0] as Keys;
  const opener = (sealed: string, context: string) => {
    for (const keys of known) {
      const plain = openWith(keys.box, sealed, context);
      if (plain !== undefined) return { keys, plain };
    }
    return undefined;
  };
  const open = (sealed: string, context: string): string => {
    const found = opener(sealed, context);
    if (!found) throw new Error('a sealed secret cannot be opened with the known keys');
    return found.plain;
  };
  const digestWith = ({ digest }: Keys, text: string, context: string) =>
    createHmac('sha256', digest).update(`${context}\0${text}`).digest();
  return {
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, first().box, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${nonce.toString('base64url')}.${body.toString('base64url')}`;
    },
    open,
    openOften: (sealed, context) => {
      const key = `${context} ${sealed}`;
      const plain = opened.get(key) ?? open(sealed, context);
      opened.set(key, plain);
      return plain;
    },
    digest: (text, context) => digestWith(first(), text, context),
    digests: (text, context) => known.map((keys) => digestWith(keys, text, context)),
    dataKeys: () => known.map(({ data, fingerprint }) => ({ id: fingerprint, key: data })),
    fingerprints: () => known.map(({ fingerprint }) => fingerprint),
    sealLike: (sealed, context) => {
      const found = opener(sealed, context);
      if (found) known = [found.keys, ...known.filter((keys) => keys !== found.keys)];
      return found !== undefined;
    },
  };
}

/** The text; undefined if this key or context did not seal it, or it was changed. */
function openWith(key: Buffer, sealed: string, context: string): string | undefined {
  const [version, nonce = '', body = ''] = sealed.split('.');
  const bytes = Buffer.from(body, 'base64url');
  if (version !== 'v1' || bytes.length < TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64url'))
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(plain).toString('utf8');
  } catch {
    return undefined;
  }
}
