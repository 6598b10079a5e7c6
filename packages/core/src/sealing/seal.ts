import { AppError } from '../errors.js';
import type { RedisClient } from '../redis/connect.js';
import { packedBytes, packedText, packText, unpackedBytes, unpackText } from '../redis/pack-text.js';
import type { DataKey, SecretBox } from '../secrets/secret-box.js';
import { readDataKey } from './data-keys.js';
import { keyIdOf, openBytes, sealBytes } from './sealed-bytes.js';

/**
 * `s`, the size of the text in bytes, and the sealed bytes as base64. JSON never begins like that. BullMQ
 * puts the text of a result into quotes.
 */
const SEALED = /^"?s(\d+):/;
/** A failure keeps its code outside, which scripts read (why-waits.lua). */
const FAILURE = /^\{"error":\{"code":"\w+"\},"sealed":"([^"]+)"\}$/;

/** Texts and files as they are stored: sealed where SEAL_AT_REST is on. Both are read either way. */
export interface Seal {
  isOn: boolean;
  /** A text as it is stored. One of more than `large` characters is compressed. */
  keep(text: string, large?: number): Promise<string>;
  /** The FAILURE result of an attempt as it is stored, from its JSON. */
  keepFailure(json: string): Promise<string>;
  /** The text that was kept. Throws `texts_sealed` if its key is lost. */
  read(stored: string): Promise<string>;
  /** A file as it is stored, if sealing is on. */
  keepFile(content: Uint8Array): Buffer;
  /** The file that keepFile sealed. Throws `texts_sealed` if its key is lost. */
  readFile(sealed: Buffer): Promise<Buffer>;
}

/** Catches that a text cannot be opened, and throws every other error. */
export function unlessSealed(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'texts_sealed') return undefined;
  throw error;
}

/** Seals with a key that is derived from SECRET_KEY, and opens with those of earlier ones (data-keys.ts). */
export function createSeal(isOn: boolean, box: SecretBox, redis: RedisClient): Seal {
  const earlier = new Map<string, DataKey>();
  const own = () => box.dataKeys()[0] as DataKey;

  const keyOf = async (id: string): Promise<DataKey> => {
    const known = box.dataKeys().find((each) => each.id === id) ?? earlier.get(id);
    const key = known ?? (await readDataKey(redis, box, id));
    if (!key) throw new AppError('texts_sealed');
    if (!known) earlier.set(id, key);
    return key;
  };
  const open = async (sealed: Buffer): Promise<Buffer> => {
    const key = await keyOf(keyIdOf(sealed));
    try {
      return openBytes(key, sealed);
    } catch {
      throw new AppError('texts_sealed', 'A stored text was changed, so it cannot be opened.');
    }
  };
  const keep = async (text: string, large = 0): Promise<string> => {
    const packed = text.length > large ? await packText(text) : text;
    if (!isOn) return packed;
    const sealed = sealBytes(own(), packedBytes(packed));
    return `s${unpackedBytes(packed)}:${sealed.toString('base64')}`;
  };
  return {
    isOn,
    keep,
    keepFailure: async (json) => {
      const code = isOn && /^\{"error":\{"code":"\w+"/.exec(json)?.[0];
      return code ? `${code}},"sealed":"${await keep(json)}"}` : json;
    },
    read: async (stored) => {
      const text = FAILURE.exec(stored)?.[1] ?? stored;
      const prefix = SEALED.exec(text)?.[0];
      if (prefix === undefined) return await unpackText(text);
      const sealed = Buffer.from(text.slice(prefix.length), 'base64');
      return await unpackText(packedText(await open(sealed)));
    },
    keepFile: (content) => sealBytes(own(), content),
    readFile: open,
  };
}
