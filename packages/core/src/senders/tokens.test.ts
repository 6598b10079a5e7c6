import { createHash, createHmac } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { noOutside } from '../../test/no-outside.js';
import { senderRequest } from '../../test/sender-request.js';
import { completeSignature } from '../agents/complete-signature.js';
import { schemeOf } from './schemes.js';
import { faultOfSignature } from './verify.js';

const NOW = 1_795_896_000;

type Given = Parameters<typeof senderRequest>[0];

/** Why a request of a sender is refused; its body is parsed, as intake does. */
async function fault(config: object, given: Given, secrets = ['s3cret'], seconds = NOW) {
  const request = senderRequest(given);
  const payload = request.body.length === 0 ? undefined : JSON.parse(request.body.toString());
  const made = { nowMs: seconds * 1000, outside: noOutside };
  const complete = completeSignature({ secret: secrets[0], ...config } as SignatureConfig);
  return await faultOfSignature(complete, secrets, { ...request, payload }, made);
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

/** Senders that send a secret, where they send it, and how a wrong one is refused. */
const TOKENS: [title: string, config: object, sent: (token: string) => Given, fault: string][] = [
  [
    'Alertmanager, authorization',
    { scheme: 'alertmanager' },
    (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
    'Authorization is not the token of this agent',
  ],
  [
    'Alertmanager, basic_auth',
    { scheme: 'alertmanager', username: 'am' },
    (token) => ({ headers: { Authorization: basic(`am:${token}`) } }),
    'the password of Authorization is not the token of this agent',
  ],
  [
    'Grafana, Authorization header',
    { scheme: 'grafana' },
    (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
    'Authorization is not the token of this agent',
  ],
  [
    'Grafana, HTTP Basic',
    { scheme: 'grafana', username: 'gf' },
    (token) => ({ headers: { Authorization: basic(`gf:${token}`) } }),
    'the password of Authorization is not the token of this agent',
  ],
  [
    'Okta',
    { scheme: 'okta' },
    (token) => ({ headers: { Authorization: token } }),
    'Authorization is not the token of this agent',
  ],
  [
    'Okta, a header of its own',
    { scheme: 'okta', header: 'X-Okta-Key' },
    (token) => ({ headers: { 'X-Okta-Key': token } }),
    'X-Okta-Key is not the token of this agent',
  ],
  [
    'Event Grid',
    { scheme: 'eventgrid' },
    (token) => ({ headers: { Authorization: token } }),
    'Authorization is not the token of this agent',
  ],
  [
    'Google',
    { scheme: 'google-push' },
    (token) => ({ headers: { 'X-Goog-Channel-Token': token } }),
    'X-Goog-Channel-Token is not the token of this agent',
  ],
  [
    'Supabase, a database webhook',
    { scheme: 'supabase' },
    (token) => ({ headers: { Authorization: `Bearer ${token}` } }),
    'Authorization is not the token of this agent',
  ],
  // @dropbox/sign 1.11.0 accepts the same.
  [
    'Dropbox Sign',
    { scheme: 'dropbox-sign' },
    (token) => ({
      body: {
        event: {
          event_time: '1348177752',
          event_type: 'signature_request_sent',
          event_hash: createHmac('sha256', token).update('1348177752signature_request_sent').digest('hex'),
        },
      },
    }),
    'event.event_hash does not match the API key of this agent',
  ],
  [
    'Microsoft Graph',
    { scheme: 'graph' },
    (token) => ({ body: { value: [{ clientState: token, changeType: 'created' }] } }),
    'clientState is not that of this agent in each notification',
  ],
  ...(['mattermost', 'rocketchat', 'zulip'] as const).map((scheme): (typeof TOKENS)[number] => [
    scheme,
    { scheme },
    (token) => ({ body: { token, text: 'build' } }),
    'token in the body is not the token of this agent',
  ]),
  [
    'Figma',
    { scheme: 'figma' },
    (token) => ({ body: { passcode: token, event_type: 'FILE_UPDATE' } }),
    'passcode in the body is not the token of this agent',
  ],
  [
    'a token at a nested property',
    { scheme: 'token', property: 'items.0.auth' },
    (token) => ({ body: { items: [{ auth: token }] } }),
    'items.0.auth in the body is not the token of this agent',
  ],
];

describe.each(TOKENS)('%s', (_title, config, sent, refusal) => {
  test('holds with either secret, and not with another', async () => {
    expect(await fault(config, sent('s3cret'))).toBeUndefined();
    expect(await fault(config, sent('old'), ['s3cret', 'old'])).toBeUndefined();
    expect(await fault(config, sent('S3cret'))).toBe(refusal);
    expect(await fault(config, sent('s3cret '))).toBe(refusal);
    expect(await fault(config, sent(''))).toBe(refusal);
    expect(await fault(config, { body: '{}' })).toEqual(expect.any(String));
  });
});

test('a token in the body has to be one text', async () => {
  for (const token of [['s3cret'], ['s3cret', 's3cret'], { s3cret: true }, 1, true])
    expect(await fault({ scheme: 'mattermost' }, { body: { token } })).toBe(
      'token in the body is not one text',
    );
  for (const body of [[{ token: 's3cret' }], 's3cret', { 'to.ken': 's3cret' }])
    expect(await fault({ scheme: 'mattermost' }, { body: JSON.stringify(body) })).toBe(
      'token in the body is missing',
    );
});

test('Grafana: a signature decides, if there is one beside the token', async () => {
  const headers = { Authorization: 'Bearer s3cret', 'X-Grafana-Alerting-Signature': '0'.repeat(64) };
  expect(await fault({ scheme: 'grafana' }, { headers, body: {} })).toMatch('does not match');
});

test('Microsoft Graph: each notification has to have the clientState', async () => {
  const value = [{ clientState: 's3cret' }, { clientState: 's3cre' }];
  expect(await fault({ scheme: 'graph' }, { body: { value } })).toMatch('clientState is not');
  expect(await fault({ scheme: 'graph' }, { body: { value: [] } })).toBe('the body has no list value');
  expect(await fault({ scheme: 'graph' }, { body: { value: [{}] } })).toMatch('clientState is not');
  expect(await fault({ scheme: 'graph' }, { body: { value: new Array(1001).fill(value[0]) } })).toMatch(
    'more than 1000',
  );
});

test('Supabase: a token does not stand in for the signature of a hook', async () => {
  const secret = `v1,whsec_${Buffer.from('a key').toString('base64')}`;
  const headers = { Authorization: `Bearer ${secret}` };
  expect(await fault({ scheme: 'supabase' }, { headers, body: {} }, [secret])).toMatch(
    'webhook-signature is missing',
  );
});

describe('monday.com', () => {
  const monday = { scheme: 'monday' };
  // Made by jsonwebtoken 9, valid until NOW + 300.
  const TOKEN =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhY2NvdW50SWQiOjE4MjU1MjksInVzZXJJZCI6NDAxMjY4OSwiYXVkIjoiaHR0cHM6Ly9ob29rcy5leGFtcGxlLmNvbS9hcGkvd2ViaG9va3MvYWdlbnRzL3doa19UT0tFTiIsImV4cCI6MTc5NTg5NjMwMCwic2hvcnRMaXZlZFRva2VuIjoiU0xUIiwiaWF0IjoxNzk1ODk2MDAwfQ.aTvEL1UUAqWz-e_KCtyFSgk0Sm-JOTqZ97t3l2Agph4';
  const KEYS = ['monday_signing_secret'];
  const sent = (authorization: string) => ({ headers: { Authorization: authorization } });

  test('a token of the app holds until it expires', async () => {
    expect(await fault(monday, sent(TOKEN), KEYS)).toBeUndefined();
    expect(await fault(monday, sent(TOKEN), ['new', ...KEYS])).toBeUndefined();
    expect(await fault(monday, sent(TOKEN), ['another'])).toMatch('does not match');
    expect(await fault(monday, sent(TOKEN), KEYS, NOW + 361)).toMatch('has expired');
  });

  test('a token of another algorithm, without a signature or changed is refused', async () => {
    const [head = '', claims = '', signature = ''] = TOKEN.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
      `${head}.${claims}`,
      `${head}.${claims.slice(0, -1)}.${signature}`,
      '',
    ])
      expect([forged, await fault(monday, sent(forged), KEYS)]).toEqual([forged, expect.any(String)]);
    expect(await fault(monday, {}, KEYS)).toBe('Authorization is missing');
  });
});

describe('Mailgun', () => {
  const mailgun = { scheme: 'mailgun' };
  // The formula of its manual: HMAC-SHA256 of the timestamp and the token.
  const signature = {
    timestamp: '1795896000',
    token: 'a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0',
    signature: 'c13b62bebf33712e830efd56e3fdffe9e296af57c8f810f1e7e742097321282c',
  };
  const KEYS = ['key-3ax6xnjp29jd6fds4gc373sgvjxteol0'];

  test('an event, and the fields of a received mail', async () => {
    expect(await fault(mailgun, { body: { signature, 'event-data': {} } }, KEYS)).toBeUndefined();
    expect(await fault(mailgun, { body: { ...signature, subject: 'Re' } }, KEYS)).toBeUndefined();
    expect(await fault(mailgun, { body: { signature } }, ['another'])).toMatch('does not match');
    const other = { ...signature, token: `b${signature.token.slice(1)}` };
    expect(await fault(mailgun, { body: { signature: other } }, KEYS)).toMatch('does not match');
    expect(await fault(mailgun, { body: { signature } }, KEYS, NOW + 100_000)).toMatch('older');
    expect(await fault(mailgun, { body: {} }, KEYS)).toBe('timestamp is missing in the body');
    expect(await fault(mailgun, { body: { signature: { ...signature, signature: ['a'] } } }, KEYS)).toBe(
      'signature.signature is missing in the body',
    );
  });
});

describe('Adyen', () => {
  const adyen = { scheme: 'adyen' };
  // The values in the tests of adyen-php-api-library.
  const KEY = 'DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00';
  const item = {
    pspReference: '7914073381342284',
    merchantAccountCode: 'TestMerchant',
    merchantReference: 'TestPayment-1407325143704',
    amount: { value: 1130, currency: 'EUR' },
    eventCode: 'AUTHORISATION',
    success: 'true',
    additionalData: { hmacSignature: 'Ny9gS2veKo5E4w8/OL6xz1/wvT/hYkAXy1xNc/QvO4I=' },
  };
  const sent = (...items: object[]) => ({
    body: { live: 'false', notificationItems: items.map((one) => ({ NotificationRequestItem: one })) },
  });

  test('each item of a payment holds with the key, and not if it was changed', async () => {
    expect(await fault(adyen, sent(item), [KEY])).toBeUndefined();
    expect(await fault(adyen, sent(item, item), ['00'.repeat(32), KEY])).toBeUndefined();
    const changed = [
      { ...item, success: 'false' },
      { ...item, amount: { value: 11_300, currency: 'EUR' } },
      { ...item, additionalData: {} },
      { ...item, additionalData: { hmacSignature: ['a'] } },
    ];
    for (const one of changed) {
      expect(await fault(adyen, sent(one), [KEY])).toMatch('does not match');
      expect(await fault(adyen, sent(item, one), [KEY])).toMatch('does not match');
    }
    expect(await fault(adyen, sent(item), ['00'.repeat(32)])).toMatch('does not match');
    expect(await fault(adyen, sent(), [KEY])).toMatch('is missing');
    expect(await fault(adyen, sent(...Array(11).fill(item)), [KEY])).toMatch('is missing');
  });

  test('a signature in the header decides, if there is one', async () => {
    const headers = { HmacSignature: `${'A'.repeat(43)}=` };
    expect(await fault(adyen, { ...sent(item), headers }, [KEY])).toMatch('HmacSignature does not match');
  });
});

test('Vonage and Netlify: a token of another time, sender or algorithm is refused', async () => {
  const token = (key: string, claims: object) =>
    ['{"alg":"HS256"}', JSON.stringify(claims)]
      .map((part) => Buffer.from(part).toString('base64url'))
      .concat('')
      .reduce((all, part) =>
        part === ''
          ? `${all}.${createHmac('sha256', key).update(all).digest('base64url')}`
          : `${all}.${part}`,
      );
  const hash = createHash('sha256').update('{}').digest('hex');
  const vonage = (iat: unknown, payload_hash: unknown = hash) =>
    fault(
      { scheme: 'vonage' },
      { headers: { Authorization: `Bearer ${token('s3cret', { iat, payload_hash })}` }, body: '{}' },
    );
  expect(await vonage(NOW)).toBeUndefined();
  expect(await vonage(NOW - 301)).toBe('the timestamp is older than 300 s');
  expect(await vonage(undefined)).toBe('the timestamp is not a Unix time');
  expect(await vonage(NOW, null)).toBe('payload_hash of Authorization does not match the body');
  const netlify = (iss: string) =>
    fault(
      { scheme: 'netlify' },
      { headers: { 'X-Webhook-Signature': token('s3cret', { iss, sha256: hash }) }, body: '{}' },
    );
  expect(await netlify('netlify')).toBeUndefined();
  expect(await netlify('other')).toMatch('not from Netlify');
});

test('HubSpot: the hash of a longer text is no signature of an older version', async () => {
  const headers = { 'X-HubSpot-Signature': '0'.repeat(64), 'X-HubSpot-Signature-Version': 'v1' };
  const body = '[]\0';
  const request = { ...senderRequest({ headers, body }) };
  const made = { nowMs: NOW * 1000, outside: noOutside };
  const config = completeSignature({ scheme: 'hubspot', secret: 's3cret' });
  expect(await faultOfSignature(config, ['s3cret'], request, made)).toBe('the body has a NUL character');
});

test('what each sender signs, it accepts', async () => {
  for (const config of [
    { scheme: 'grafana' },
    { scheme: 'alertmanager', username: 'am' },
    { scheme: 'graph' },
    { scheme: 'monday' },
    { scheme: 'mailgun' },
    { scheme: 'supabase' },
    { scheme: 'hubspot' },
    { scheme: 'okta' },
  ]) {
    const complete = completeSignature({ secret: 's3cret', ...config } as SignatureConfig);
    const { proof, sample } = schemeOf(complete);
    const plain = senderRequest({ body: sample.body });
    const signed = proof?.sign?.(plain, complete, 's3cret', { nowMs: NOW * 1000, id: 'msg_1' });
    const body = (signed?.body ?? plain.body).toString();
    expect([config.scheme, await fault(config, { headers: signed?.headers ?? {}, body })]).toEqual([
      config.scheme,
      undefined,
    ]);
  }
});
