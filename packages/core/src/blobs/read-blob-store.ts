import type { Static } from '@sinclair/typebox';
import type { BlobStoreEnvironment } from '../config/environment.js';
import { EnvironmentError } from '../config/load-environment.js';
import type { BlobStoreSettings } from './blob-store.js';

/**
 * The store of files that the environment names; undefined if files are stored in Redis. Throws
 * EnvironmentError if its URL cannot be read or its credentials are missing.
 */
export function readBlobStore(
  env: Partial<Static<typeof BlobStoreEnvironment>>,
): BlobStoreSettings | undefined {
  if (env.BLOB_STORE_URL === undefined) return undefined;
  if (!isReadable(env.BLOB_STORE_URL))
    throw new EnvironmentError(
      'BLOB_STORE_URL cannot be read: correct its host, its port, or a % in its path.',
    );
  const accessKeyId = env.BLOB_STORE_ACCESS_KEY_ID ?? env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.BLOB_STORE_SECRET_ACCESS_KEY ?? env.AWS_SECRET_ACCESS_KEY;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new EnvironmentError(
      'BLOB_STORE_URL needs BLOB_STORE_ACCESS_KEY_ID and BLOB_STORE_SECRET_ACCESS_KEY (or the AWS_ ones).',
    );
  return {
    url: env.BLOB_STORE_URL,
    region: env.BLOB_STORE_REGION ?? 'us-east-1',
    accessKeyId,
    secretAccessKey,
  };
}

function isReadable(url: string): boolean {
  try {
    decodeURIComponent(new URL(url).pathname);
    return true;
  } catch {
    return false;
  }
}
