import { SIGNATURE_SCHEMAS } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { type FieldSchema, fieldsOf, missingIn, signatureOf, valuesOf } from './sender-values.js';
import type { Signature } from './use-senders.js';

const sender = (scheme: keyof typeof SIGNATURE_SCHEMAS) => ({
  scheme,
  schema: SIGNATURE_SCHEMAS[scheme] as unknown as FieldSchema & Record<string, unknown>,
});
const stripe = sender('stripe');
const stored: Signature = { scheme: 'stripe', secret: true, previous_secret: true, tolerance_seconds: 60 };

test('saving without a new secret keeps both stored secrets', () => {
  const values = { ...valuesOf(stripe.schema, stored), tolerance_seconds: 120 };
  expect(signatureOf(stripe, values, stored, true)).toEqual({ ...stored, tolerance_seconds: 120 });
});

test('a new secret keeps the old one as well, or ends it', () => {
  const values = { ...valuesOf(stripe.schema, stored), secret: 'whsec_new' };
  expect(signatureOf(stripe, values, stored, true)).toMatchObject({
    secret: 'whsec_new',
    previous_secret: true,
  });
  expect(signatureOf(stripe, values, stored, false)).toMatchObject({ previous_secret: null });
  const github = sender('github');
  expect(signatureOf(github, { secret: 's' }, null, true)).toEqual({
    scheme: 'github',
    secret: 's',
    previous_secret: null,
  });
});

test('the fields of a custom HMAC come back as they were saved, and what is empty is left out', () => {
  const hmac = sender('hmac');
  const values = { ...valuesOf(hmac.schema, null), secret: 's', header: 'X-Signature', prefix: 'sha256=' };
  const plain = signatureOf(hmac, values, null, true);
  expect(plain).toEqual({
    scheme: 'hmac',
    secret: 's',
    previous_secret: null,
    header: 'X-Signature',
    algorithm: 'sha256',
    encoding: 'hex',
    prefix: 'sha256=',
    tolerance_seconds: 300,
  });
  const challenge = { in: 'query', name: 'challenge', answer: 'text' } as const;
  const timed = { ...plain, timestamp_header: 'X-Time', challenge } as Signature;
  expect(signatureOf(hmac, valuesOf(hmac.schema, timed), timed, true)).toMatchObject({
    timestamp_header: 'X-Time',
    challenge,
  });
});

test('a secret is missing until it is entered or stored; a sender that does not sign has none', () => {
  expect(missingIn(stripe.schema, valuesOf(stripe.schema, null), null)?.name).toBe('secret');
  expect(missingIn(stripe.schema, valuesOf(stripe.schema, stored), stored)).toBeUndefined();
  const custom = sender('custom');
  expect(fieldsOf(custom.schema).filter(({ kind }) => kind === 'secret')).toEqual([]);
  expect(signatureOf(custom, valuesOf(custom.schema, null), null, true)).toEqual({ scheme: 'custom' });
});
