import type { SignatureConfig } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { sign as signAsGitHub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { noOutside } from '../../test/no-outside.js';
import { completeSignature } from '../agents/complete-signature.js';
import { withLowerNames } from './request.js';
import { schemeOf } from './schemes.js';
import { faultOfSignature } from './verify.js';

const NOW = 1_700_000_000;
const WHSEC = `whsec_${Buffer.from('a key of 24 bytes or mor').toString('base64')}`;

interface Sent {
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
type Config = SignatureConfig & { secret: string };

const requestOf = (sent: Sent) => ({ method: 'POST', url: '/hook', query: '', ...sent });
const fault = (config: Config, sent: Sent, nowSeconds = NOW, secrets = [config.secret]) =>
  faultOfSignature(completeSignature(config), secrets, requestOf(sent), {
    nowMs: nowSeconds * 1000,
    outside: noOutside,
  });

const config = (given: object) => ({ secret: WHSEC, ...given }) as Config;
const HMAC = { scheme: 'hmac', header: 'X-Sum' };

/** One of each scheme, and one of each kind of hmac. */
const CONFIGS: [string, Config][] = [
  ['standard-webhooks', config({ scheme: 'standard-webhooks' })],
  ['standard-webhooks with a raw secret', config({ scheme: 'standard-webhooks', secret: 'sécret' })],
  ['github', config({ scheme: 'github' })],
  ['stripe', config({ scheme: 'stripe' })],
  ['slack', config({ scheme: 'slack' })],
  ['shopify', config({ scheme: 'shopify' })],
  ['hmac', config(HMAC)],
  ['hmac, sha1 with a prefix', config({ ...HMAC, algorithm: 'sha1', prefix: 'sha1=' })],
  [
    'hmac, sha512 as base64 with a time in its place',
    config({
      ...HMAC,
      algorithm: 'sha512',
      encoding: 'base64',
      timestamp_header: 'X-Time',
      content: '{body}|{timestamp}|v2',
    }),
  ],
];
const TIMED = CONFIGS.filter(([, given]) => 'tolerance_seconds' in completeSignature(given));
const BODIES: [string, Buffer][] = [
  ['JSON', Buffer.from('{"a":"ü"}')],
  ['a form', Buffer.from('token=a&text=b+c%20d')],
  ['bytes that are no text', Buffer.from([0, 255, 254, 128, 10, 0])],
  ['nothing', Buffer.alloc(0)],
];

/** A request as its sender would sign it. */
function sent(given: Config, body: Buffer, seconds = NOW, secret = given.secret): Sent {
  const made = { nowMs: seconds * 1000, id: 'msg_1' };
  const request = requestOf({ headers: {}, body });
  const headers =
    schemeOf(given).proof?.sign?.(request, completeSignature(given), secret, made).headers ?? {};
  return { headers: withLowerNames(headers), body };
}
/** The headers that prove a request of its sender, that of the signature first. */
const proofHeadersOf = (given: Config): string[] => {
  const made = { nowMs: NOW * 1000, id: 'msg_1' };
  const request = requestOf({ headers: {}, body: Buffer.from('{}') });
  return Object.keys(
    schemeOf(given).proof?.sign?.(request, completeSignature(given), given.secret, made).headers ?? {},
  );
};

/** Replaces the value of the header that holds the signature. */
function withSignature(given: Config, { headers, body }: Sent, change: (value: string) => unknown) {
  const [name = ''] = proofHeadersOf(given);
  const value = change(headers[name.toLowerCase()] as string) as string;
  return { headers: { ...headers, [name.toLowerCase()]: value }, body };
}

describe('what the senders themselves sign', () => {
  test('Standard Webhooks, by its own library', () => {
    const body = '{"type":"invoice.paid","by":"Zoë"}';
    const headers = {
      'webhook-id': 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
      'webhook-timestamp': String(NOW),
      'webhook-signature': new Webhook(WHSEC).sign(
        'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
        new Date(NOW * 1000),
        body,
      ),
    };
    const request = { headers, body: Buffer.from(body) };
    expect(fault(config({ scheme: 'standard-webhooks' }), request)).toBeUndefined();
  });

  test("GitHub, by Octokit's library", async () => {
    const body = '{"action":"opened","title":"Größe"}';
    const headers = { 'x-hub-signature-256': await signAsGitHub('s3cret', body) };
    expect(fault(config({ scheme: 'github', secret: 's3cret' }), { headers, body: Buffer.from(body) })).toBe(
      undefined,
    );
  });

  test("Stripe, made by webhooks.generateTestHeaderString of stripe's library, 23.1.0", () => {
    const body = Buffer.from(
      '{"id":"evt_1OqZ4h2eZvKYlo2C","object":"event","type":"invoice.paid","pending_webhooks":1,"data":{"object":{"customer_name":"Zoë"}}}',
    );
    const v1 = '09c7141dc684c0806d8da75fe8af7fa931bbe899ae1d5e811a693d526b3ba3e4';
    const signature = config({ scheme: 'stripe', secret: 'whsec_test_secret' });
    const held = (header: string) => fault(signature, { headers: { 'stripe-signature': header }, body });
    expect(held(`t=1700000000,v1=${v1}`)).toBeUndefined();
    expect(held(`t=1700000000,v1=${'0'.repeat(64)},v1=${v1},v0=${'0'.repeat(64)}`)).toBeUndefined();
    expect(held(`t=1700000000,v0=${v1}`)).toMatch('not of the form t=…,v1=…');
    expect(held(`t=1700000001,v1=${v1}`)).toMatch('does not match');
    expect(held(`t=1700000000,t=1700000000,v1=${v1}`)).toMatch('not of the form');
  });
});

describe.each(CONFIGS)('%s', (_name, signature) => {
  const second = 'whsec_b3RoZXI=';

  test.each(BODIES)('holds over %s, with either secret, and not when a bit of it differs', (_kind, body) => {
    const request = sent(signature, body);
    expect(fault(signature, request)).toBeUndefined();
    expect(fault(signature, request, NOW, [second, signature.secret as string])).toBeUndefined();
    expect(fault(signature, request, NOW, [second])).toMatch('does not match');
    expect(fault(signature, request, NOW, [])).toMatch('does not match');
    for (let at = 0; at < body.length; at++) {
      const tampered = Buffer.from(body);
      tampered[at] = (tampered[at] ?? 0) ^ 1;
      expect(fault(signature, { ...request, body: tampered })).toMatch('does not match');
    }
    const longer = Buffer.concat([body, Buffer.from('\n')]);
    expect(fault(signature, { ...request, body: longer })).toMatch('does not match');
  });

  test('says which header is missing, and refuses one that came twice in either way', () => {
    const request = sent(signature, Buffer.from('{}'));
    for (const name of proofHeadersOf(signature)) {
      const at = name.toLowerCase();
      const value = request.headers[at] as string;
      const held = (given: string | string[] | undefined) =>
        fault(signature, { ...request, headers: { ...request.headers, [at]: given } });
      expect(held(undefined)).toBe(`${name} is missing`);
      expect(held([value, value])).toBe(`${name} came more than once`);
      // As Node joins repeated headers.
      expect(held(`${value}, ${value}`)).toEqual(expect.any(String));
      expect(held('')).toEqual(expect.any(String));
      expect(held(` ${value}`)).toEqual(expect.any(String));
      expect(held(`${value} `)).toEqual(expect.any(String));
    }
    expect(fault(signature, { headers: {}, body: Buffer.alloc(0) })).toMatch(/ is missing$/);
  });

  test('refuses every signature that differs in a character, is cut or is none', () => {
    const request = sent(signature, Buffer.from('{}'));
    const [name = ''] = proofHeadersOf(signature);
    const value = request.headers[name.toLowerCase()] as string;
    const padding = value.length - value.replace(/=+$/, '').length;
    for (let at = 0; at < value.length - padding; at++) {
      const other = value[at] === '1' ? '2' : '1';
      const changed = withSignature(
        signature,
        request,
        () => value.slice(0, at) + other + value.slice(at + 1),
      );
      expect([at, fault(signature, changed)]).toEqual([at, expect.any(String)]);
    }
    for (const none of [
      value.slice(0, -3),
      `${value}00`,
      'null',
      'v0=',
      'v1,',
      't=,v1=',
      '=',
      '\0',
      'ü'.repeat(64),
    ])
      expect([
        none,
        fault(
          signature,
          withSignature(signature, request, () => none),
        ),
      ]).toEqual([none, expect.any(String)]);
  });
});

const BASE64 = new Set(['shopify', 'standard-webhooks', 'standard-webhooks with a raw secret']);

describe('hex in capitals and base64 of the other alphabet', () => {
  test('are the same signature', () => {
    for (const [name, signature] of CONFIGS) {
      const { encoding = BASE64.has(name) ? 'base64' : 'hex' } = signature as { encoding?: string };
      const request = withSignature(signature, sent(signature, Buffer.from('{"a":7}')), (value) =>
        encoding === 'hex'
          ? value.replace(/[0-9a-f]{40,}$/, (digest) => digest.toUpperCase())
          : value
              .replaceAll('+', '-')
              .replace(/(?<!v1,.{0,2})\//g, '_')
              .replace(/=+$/, ''),
      );
      expect([name, fault(signature, request)]).toEqual([name, undefined]);
    }
  });
});

describe.each(TIMED)('the time of %s', (_name, signature) => {
  const at = (seconds: number, given = signature, now = NOW) =>
    fault(given, sent(given, Buffer.from('{}'), seconds), now);

  test('may lie 300 s from the present, and no further, in both directions', () => {
    for (const seconds of [NOW - 300, NOW - 1, NOW, NOW + 300]) expect(at(seconds)).toBeUndefined();
    expect(at(NOW - 301)).toBe('the timestamp is older than 300 s');
    expect(at(NOW + 301)).toBe('the timestamp is more than 300 s in the future');
    expect(at(0)).toBe('the timestamp is older than 300 s');
  });

  test('may lie as far as the agent allows', () => {
    const strict = { ...signature, tolerance_seconds: 5 } as Config;
    expect(at(NOW - 5, strict)).toBeUndefined();
    expect(at(NOW - 6, strict)).toBe('the timestamp is older than 5 s');
  });

  test('may be in milliseconds, and must be a number', () => {
    expect(at(NOW * 1000)).toBeUndefined();
    expect(at(NOW * 1000 - 301_000)).toBe('the timestamp is older than 300 s');
    const isCustom = signature.scheme === 'hmac';
    const none = isCustom
      ? 'the timestamp is neither a Unix time nor one of RFC 3339 nor an HTTP date'
      : 'the timestamp is not a Unix time';
    for (const seconds of [-NOW, Number.NaN, Number.POSITIVE_INFINITY, 1e21])
      expect([seconds, at(seconds)]).toEqual([seconds, none]);
    // Only a sender whose form is not known may send a fraction.
    expect(at(NOW + 0.5)).toBe(isCustom ? undefined : none);
  });
});

test('signatures by other keys may have slashes, as those of Worldpay', () => {
  const signature = config({ ...HMAC, prefix: '1/SHA256/', separator: ',' });
  const request = sent(signature, Buffer.from('{}'));
  const held = (change: (value: string) => string) =>
    fault(signature, withSignature(signature, request, change));
  expect(held((value) => `2/SHA256/${'a'.repeat(64)},${value}`)).toBeUndefined();
  expect(held((value) => value.replace('1/', '2/'))).toMatch('not of the form');
});

test('of several signatures of Standard Webhooks one has to match, and none of another version does', () => {
  const signature = config({ scheme: 'standard-webhooks' });
  const request = sent(signature, Buffer.from('{}'));
  const held = (change: (value: string) => string) =>
    fault(signature, withSignature(signature, request, change));
  expect(held((value) => `v1,${'A'.repeat(43)}= ${value}`)).toBeUndefined();
  expect(held((value) => `${value} v1a,${'A'.repeat(86)}==`)).toBeUndefined();
  expect(held((value) => value.replace('v1,', 'v1a,'))).toMatch('not of the form');
  expect(held((value) => value.replace('v1,', 'v2,'))).toMatch('not of the form');
  expect(held((value) => `${value}  ${value}`)).toMatch('not of the form');
});
