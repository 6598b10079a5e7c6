import { createHmac } from 'node:crypto';
import type { SignatureConfig } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { noOutside } from '../../test/no-outside.js';
import { senderRequest } from '../../test/sender-request.js';
import { completeSignature } from '../agents/complete-signature.js';
import { emptyAnswer, jsonAnswer, textAnswer } from './scheme.js';
import { schemeOf } from './schemes.js';
import { faultOfSignature } from './verify.js';

const NOW = 1_795_896_000;
type Given = Parameters<typeof senderRequest>[0];

const fault = async (config: object, given: Given, secrets: string[], seconds = NOW) =>
  await faultOfSignature(
    completeSignature({ secret: secrets[0], ...config } as SignatureConfig),
    secrets,
    senderRequest(given),
    { nowMs: seconds * 1000, outside: noOutside },
  );
const greet = (config: object, given: Given, secrets: string[] = [], verifyToken?: string) => {
  const complete = completeSignature({ secret: secrets[0], ...config } as SignatureConfig);
  return schemeOf(complete).greet?.(senderRequest(given), complete, { secrets, verifyToken });
};

describe('Braintree', () => {
  // Made by the npm package braintree 3.40, which accepts both forms.
  const PAYLOAD = 'PG5vdGlmaWNhdGlvbj48a2luZD5jaGVjazwva2luZD48L25vdGlmaWNhdGlvbj4=\n';
  const SIGNATURE = 'integration_public_key|d53eaf7e941a322fd63f23a4c014828169ba83f4';
  const CHALLENGE = '20f9f8ed05f77439fe955c977e4c8a53';
  const DIGEST = 'integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4';
  const config = { scheme: 'braintree', merchant_public_key: 'integration_public_key' };
  const KEYS = ['integration_private_key'];
  const form = (bt_signature: string, bt_payload = PAYLOAD) => ({
    body: `${new URLSearchParams({ bt_signature, bt_payload })}`,
  });

  test('a notification holds with its key, and not if it was changed', async () => {
    expect(await fault(config, form(SIGNATURE), KEYS)).toBeUndefined();
    expect(await fault(config, form(`other_key|00&${SIGNATURE}`), ['another', ...KEYS])).toBeUndefined();
    // The line end is signed, also where it was lost on the way.
    expect(await fault(config, form(SIGNATURE, PAYLOAD.trim()), KEYS)).toBeUndefined();
    expect(await fault(config, form(SIGNATURE), ['another'])).toMatch('does not match');
    expect(await fault(config, form(SIGNATURE, `A${PAYLOAD}`), KEYS)).toMatch('does not match');
    expect(await fault(config, form(SIGNATURE.replace('integration', 'other')), KEYS)).toMatch('has none');
    expect(await fault(config, form(SIGNATURE, '<xml/>'), KEYS)).toMatch('is missing');
    expect(await fault(config, { body: 'bt_payload=QQ' }, KEYS)).toMatch('is missing');
    const many = { body: `${'a&'.repeat(10)}${form(SIGNATURE).body}` };
    expect(await fault(config, many, KEYS)).toMatch('is missing');
  });

  test('the digest of a challenge is told, and is no signature of an event', async () => {
    const asked = (challenge: string) =>
      greet(config, { method: 'GET', query: `bt_challenge=${challenge}` }, KEYS);
    expect(asked(CHALLENGE)).toEqual(textAnswer(DIGEST));
    expect(asked(PAYLOAD.trim())).toEqual({ fault: 'bt_challenge is not a challenge of Braintree' });
    expect(await fault(config, form(DIGEST, CHALLENGE), KEYS)).toBe('bt_payload could be a challenge');
  });

  test('its payload is the XML', () => {
    const { body } = senderRequest(form(SIGNATURE));
    const xml = schemeOf({ scheme: 'braintree' }).opens?.(body, { secrets: [] });
    expect(String(xml)).toBe('<notification><kind>check</kind></notification>');
  });
});

describe('WeChat', () => {
  // By sha1sum: the sorted token, time and random text.
  const query = 'signature=eebe79b5b0ec02f5d452bdf8c1ce56e4cb27d59c&timestamp=1795896000&nonce=1320562132';
  const wechat = { scheme: 'wechat' } as const;
  const KEYS = ['weixin_token'];

  test('a message holds with the token of its query, at its time', async () => {
    expect(await fault(wechat, { query, body: '<xml/>' }, KEYS)).toBeUndefined();
    expect(await fault(wechat, { query }, ['another', ...KEYS])).toBeUndefined();
    expect(await fault(wechat, { query }, ['another'])).toMatch('does not match');
    expect(await fault(wechat, { query: query.replace('nonce=1', 'nonce=2') }, KEYS)).toMatch(
      'does not match',
    );
    expect(await fault(wechat, { query }, KEYS, NOW + 301)).toBe('the timestamp is older than 300 s');
    expect(await fault(wechat, {}, KEYS)).toMatch('is not of the form');
  });

  test('a signed GET gets its text back', () => {
    const asked = `${query}&echostr=5838479218127813673`;
    expect(greet(wechat, { method: 'GET', query: asked }, KEYS)).toEqual(textAnswer('5838479218127813673'));
    expect(greet(wechat, { method: 'GET', query: asked }, ['another'])).toEqual({
      fault: 'signature in the query does not match the token of this agent',
    });
    expect(greet(wechat, { method: 'GET', query }, KEYS)).toBeUndefined();
    expect(greet(wechat, { query: asked, body: '<xml/>' }, KEYS)).toBeUndefined();
  });

  test('a retry has the MsgId of its message', () => {
    expect(idOf('wechat', '<xml><MsgId>12</MsgId></xml>')).toBe('12');
    const quoted = '<xml><Content><![CDATA[<MsgId>7</MsgId>]]></Content><MsgId>12</MsgId></xml>';
    expect(idOf('wechat', quoted)).toBe('12');
    expect(idOf('wechat', '<xml><Event>subscribe</Event></xml>')).toBeUndefined();
  });
});

function idOf(scheme: string, payload: unknown): unknown {
  const config = { scheme } as SignatureConfig;
  return schemeOf(config).deliveryId?.({ headers: {}, query: '', payload }, config);
}

test('Strava and Nylas confirm a URL with a GET', async () => {
  const query = 'hub.verify_token=ours&hub.challenge=15f7d1a91c1f40f8&hub.mode=subscribe';
  expect(greet({ scheme: 'strava' }, { method: 'GET', query }, [], 'ours')).toEqual(
    jsonAnswer({ 'hub.challenge': '15f7d1a91c1f40f8' }),
  );
  expect(greet({ scheme: 'strava' }, { method: 'GET', query }, [], 'other')).toEqual({
    fault: 'hub.verify_token is not the verify token of this agent',
  });
  expect(greet({ scheme: 'nylas' }, { method: 'GET', query: 'challenge=bc609b38' })).toEqual(
    textAnswer('bc609b38'),
  );
  expect(greet({ scheme: 'nylas' }, { query: 'challenge=bc609b38', body: '{}' })).toBeUndefined();
  expect(await fault({ scheme: 'nylas' }, { body: '{}' }, [])).toBe('the webhook secret is not saved yet');
});

test.each([
  ['front', { 'X-Front-Challenge': 'abc' }, { type: 'sync' }, textAnswer('abc')],
  ['front', {}, { type: 'sync' }, undefined],
  ['circleci', {}, { type: 'ping' }, emptyAnswer()],
  ['circleci', {}, { type: 'workflow-completed' }, undefined],
  ['figma', {}, { event_type: 'PING' }, emptyAnswer()],
  ['figma', {}, { event_type: 'FILE_UPDATE' }, undefined],
])('%s: %j is answered without a run, or not', (scheme, headers: Record<string, string>, payload, told) => {
  const config = completeSignature({ scheme, secret: 's3cret' } as SignatureConfig);
  const event = { ...senderRequest({ headers, body: payload }), payload };
  expect(schemeOf(config).handshake?.(event, config, { secrets: ['s3cret'] }, noOutside)).toEqual(told);
});

test('Buildkite: a token or a signature, which decides if there is one', async () => {
  const buildkite = { scheme: 'buildkite' };
  const sent = (headers: Record<string, string>) => ({ headers, body: '{}' });
  expect(await fault(buildkite, sent({ 'X-Buildkite-Token': 'bk' }), ['bk'])).toBeUndefined();
  expect(await fault(buildkite, sent({ 'X-Buildkite-Token': 'b' }), ['bk'])).toMatch('is not the token');
  const both = { 'X-Buildkite-Token': 'bk', 'X-Buildkite-Signature': `timestamp=${NOW},signature=00` };
  expect(await fault(buildkite, sent(both), ['bk'])).toMatch('does not match');
});

test('a retry of Figma, Postmark and Rocket.Chat has the id of its event, and another event another one', () => {
  const comment = { webhook_id: '22', event_type: 'FILE_COMMENT', timestamp: '2026-11-28T20:00:00Z' };
  const first = idOf('figma', { ...comment, comment_id: '1', retries: 0 });
  expect(idOf('figma', { ...comment, comment_id: '1', retries: 2 })).toBe(first);
  expect(idOf('figma', { ...comment, comment_id: '2', retries: 0 })).not.toBe(first);
  const opened = { RecordType: 'Open', MessageID: 'm' };
  expect(idOf('postmark', { ...opened, ReceivedAt: '1' })).not.toBe(
    idOf('postmark', { ...opened, ReceivedAt: '2' }),
  );
  expect(idOf('rocketchat', { message_id: 'm' })).toBe('m');
  expect(idOf('rocketchat', { message_id: 'm', isEdited: true })).toBeUndefined();
});

test('two events of ClickUp about one change, and those of Postmark for two recipients, are different', () => {
  const change = { history_items: [{ id: '2800763136717140857' }] };
  const ids = ['taskCreated', 'taskStatusUpdated'].map((event) => idOf('clickup', { ...change, event }));
  expect(new Set(ids).size).toBe(2);
  const delivered = { RecordType: 'Delivery', MessageID: 'm', DeliveredAt: '2026-11-28T20:00:00Z' };
  const [ada, grace] = ['ada', 'grace'].map((Recipient) => idOf('postmark', { ...delivered, Recipient }));
  expect(ada).not.toBe(grace);
});

test.each(['<Notification><Id>', '<Notification>\n  <Id>'])(
  'a retry of Salesforce has the id of its notification: %j',
  (begin) => {
    expect(idOf('salesforce', `<a>${begin}04l000000000001AAA</Id></Notification></a>`)).toBe(
      '04l000000000001AAA',
    );
  },
);

describe('Contentful', () => {
  const KEY = 'k'.repeat(64);
  const contentful = { scheme: 'contentful' };
  const signed = (headers: Record<string, string>, list: string, query = ''): Given => {
    const names = list.split(',').sort();
    const all: Record<string, string> = { ...headers, 'x-contentful-signed-headers': list };
    all['x-contentful-timestamp'] ??= String(NOW * 1000);
    const lines = names.map((name) => `${name}:${all[name]}`).join(';');
    const text = `POST\n/api/webhooks/agents/whk_TOKEN${query && `?${encodeURIComponent(query)}`}\n${lines}\n{}`;
    const signature = createHmac('sha256', KEY).update(text).digest('hex');
    return { query, headers: { ...all, 'x-contentful-signature': signature }, body: '{}' };
  };
  const LIST = 'x-contentful-signed-headers,x-contentful-timestamp';

  test('holds with its query, and not with more of it', async () => {
    const given = signed({}, LIST, 'a=1');
    expect(await fault(contentful, given, [KEY])).toBeUndefined();
    expect(await fault(contentful, { ...given, query: 'a=1?b=2' }, [KEY])).toMatch('does not match');
  });

  test('a time that is not among the signed headers proves nothing', async () => {
    expect(await fault(contentful, signed({}, 'x-contentful-signed-headers'), [KEY])).toBeDefined();
  });
});

test.each([
  ['figma', { event_type: 'DEV_MODE_STATUS_UPDATE', webhook_id: '22', timestamp: 't' }, 'node_id'],
  ['postmark', { RecordType: 'Click', MessageID: 'm', ReceivedAt: 't', Recipient: 'ada' }, 'OriginalLink'],
])('two events of %s at one time that differ in one field are different', (scheme, event, field) => {
  expect(idOf(scheme, { ...event, [field]: 'a' })).not.toBe(idOf(scheme, { ...event, [field]: 'b' }));
  expect(idOf(scheme, { ...event, [field]: 'a' })).toBe(idOf(scheme, { ...event, [field]: 'a' }));
});
