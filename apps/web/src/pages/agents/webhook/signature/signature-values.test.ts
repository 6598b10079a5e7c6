import { expect, test } from '@jest/globals';
import type { Signature } from './presets.js';
import { signatureOf, valuesOf } from './signature-values.js';

const stored: Signature = { scheme: 'stripe', secret: true, previous_secret: true, tolerance_seconds: 60 };

test('saving without a new secret keeps both stored secrets', () => {
  const values = { ...valuesOf(stored), tolerance_seconds: 120 };
  expect(signatureOf('stripe', values, stored)).toEqual({ ...stored, tolerance_seconds: 120 });
});

test('a new secret keeps the old one as well, or ends it', () => {
  const values = { ...valuesOf(stored), secret: 'whsec_new' };
  expect(signatureOf('stripe', values, stored)).toMatchObject({ secret: 'whsec_new', previous_secret: true });
  expect(signatureOf('stripe', { ...values, keepPrevious: false }, stored)).toMatchObject({
    previous_secret: null,
  });
  expect(signatureOf('github', values, null)).toEqual({
    scheme: 'github',
    secret: 'whsec_new',
    previous_secret: null,
  });
});

test('an HMAC signature round-trips its options, and has a tolerance only with a timestamp', () => {
  const values = { ...valuesOf(null), secret: 's', header: 'X-Signature', prefix: 'sha256=' };
  const plain = signatureOf('hmac', values, null);
  expect(plain).toEqual({
    scheme: 'hmac',
    secret: 's',
    previous_secret: null,
    header: 'X-Signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
  });
  const timed = signatureOf(
    'hmac',
    { ...values, timestamp_header: 'X-Time', content: '{body}{timestamp}' },
    null,
  );
  expect(timed).toMatchObject({
    tolerance_seconds: 300,
    timestamp_header: 'X-Time',
    content: '{body}{timestamp}',
  });
  expect(valuesOf(timed)).toMatchObject({ header: 'X-Signature', timestamp_header: 'X-Time', secret: '' });
});
