import { expect, test } from '@jest/globals';
import { EnvironmentError } from '../config/load-environment.js';
import { readBlobStore } from './read-blob-store.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

test('a store needs a URL that can be read, and credentials', () => {
  expect(readBlobStore({})).toBeUndefined();
  const url = 'https://host/bucket/a%20b';
  expect(readBlobStore({ ...KEYS, BLOB_STORE_URL: url })).toMatchObject({ url, accessKeyId: 'AKIDEXAMPLE' });
  for (const wrong of [
    { BLOB_STORE_URL: url },
    { ...KEYS, BLOB_STORE_URL: 'https://host/bucket/100%' },
    { ...KEYS, BLOB_STORE_URL: 'https://host:99999/bucket' },
  ])
    expect(() => readBlobStore(wrong)).toThrow(EnvironmentError);
});
