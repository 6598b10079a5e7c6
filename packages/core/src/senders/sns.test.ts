import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SignatureConfig } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { senderRequest } from '../../test/sender-request.js';
import { schemeOf } from './schemes.js';
import { faultOfSignature } from './verify.js';

/** Signed with a certificate of our own, and accepted by sns-validator 0.3.5. */
const { certificate, messages } = JSON.parse(
  readFileSync(new URL('sns-messages.json', import.meta.url), 'utf8'),
) as { certificate: string; messages: [version1: string, version2: string, confirmation: string] };

const CONFIG = { scheme: 'sns', topic_arn: 'arn:aws:sns:us-east-1:123456789012:Alarms' } as SignatureConfig;
const CERTIFICATE =
  'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0000000000000000000000000000000000000000.pem';

/** Plays SNS's own pages, and notes what was asked for. */
function playSns({ confirms = true } = {}) {
  const asked: string[] = [];
  const outside = {
    publicKeyAt: async (url: string) => {
      asked.push(url);
      return createPublicKey(certificate);
    },
    visit: async (url: string) => {
      asked.push(url);
      return confirms;
    },
  };
  return { outside, asked };
}

const fault = (
  body: string,
  { outside } = playSns(),
  config: SignatureConfig = CONFIG,
  headers: Record<string, string> = {},
) => faultOfSignature(config, [], senderRequest({ body, headers }), { nowMs: 0, outside });

const changed = (body: string, members: object) => JSON.stringify({ ...JSON.parse(body), ...members });

describe('a message', () => {
  test.each(messages)('of its topic, signed with the certificate of SNS, holds: %.60s', async (body) => {
    const played = playSns();
    expect(await fault(body, played)).toBeUndefined();
    expect(played.asked).toEqual([CERTIFICATE]);
    for (const members of [{ Message: 'x' }, { MessageId: 'x' }, { Timestamp: 'x' }, { Signature: 'AAAA' }])
      expect(await fault(changed(body, members))).toBe('Signature does not match the message');
  });

  test('of another topic is refused, without a request', async () => {
    const played = playSns();
    const [body] = messages;
    expect(await fault(changed(body, { TopicArn: `${JSON.parse(body).TopicArn}2` }), played)).toMatch(
      'TopicArn',
    );
    const other = { ...CONFIG, topic_arn: 'arn:aws:sns:us-east-1:123456789012:Other' } as SignatureConfig;
    expect(await fault(body, played, other)).toBe('TopicArn is not the topic of this agent');
    expect(played.asked).toEqual([]);
  });

  test.each([
    'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem',
    'https://sns.us-east-1.amazonaws.com.example.com/SimpleNotificationService-00000000000000000000000000000000.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-00000000000000000000000000000000.pem',
    'https://sns.us-east-1.amazonaws.com/../SimpleNotificationService-00000000000000000000000000000000.pem',
    'https://sns.us-east-1.amazonaws.com@example.com/SimpleNotificationService-00000000000000000000000000000000.pem',
    'https://sns.us-east-1.amazonaws.com/other.pem',
    '',
  ])('with a certificate elsewhere is refused, without a request: %s', async (SigningCertURL) => {
    const played = playSns();
    expect(await fault(changed(messages[0], { SigningCertURL }), played)).toMatch('SigningCertURL is not');
    expect(played.asked).toEqual([]);
  });

  test('that is malformed is refused', async () => {
    for (const body of ['', '[]', '"x"', '{', JSON.stringify({ a: 'x'.repeat(700_000) }), '['.repeat(50_000)])
      expect([body.slice(0, 9), await fault(body)]).toEqual([body.slice(0, 9), expect.any(String)]);
    expect(await fault(changed(messages[0], { Type: 'constructor' }))).toBe('Type is not a type of SNS');
    expect(await fault(changed(messages[0], { SignatureVersion: '3' }))).toMatch('SignatureVersion');
  });

  test('in raw delivery is refused, and the fault says what to switch off', async () => {
    const raw = { 'x-amz-sns-rawdelivery': 'true' };
    expect(await fault('{}', playSns(), CONFIG, raw)).toMatch('raw message delivery');
  });
});

describe('a subscription', () => {
  const handshake = async (body: string, { outside } = playSns()) =>
    await schemeOf(CONFIG).handshake?.(
      { ...senderRequest({ body }), payload: JSON.parse(body) },
      CONFIG,
      { secrets: [] },
      outside,
    );
  const [, , confirmation] = messages;

  test('is confirmed at SNS', async () => {
    const played = playSns();
    expect(await handshake(confirmation, played)).toMatchObject({ status: 200, body: '' });
    expect(played.asked).toEqual([JSON.parse(confirmation).SubscribeURL]);
    expect(await handshake(confirmation, playSns({ confirms: false }))).toMatchObject({ status: 502 });
  });

  test('is confirmed nowhere else, and by no other request', async () => {
    for (const SubscribeURL of [
      'https://example.com/?Action=ConfirmSubscription&Token=1',
      'https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic&Token=1',
      'http://169.254.169.254/',
    ]) {
      const played = playSns();
      expect(await handshake(changed(confirmation, { SubscribeURL }), played)).toMatchObject({ status: 502 });
      expect(played.asked).toEqual([]);
    }
  });

  test('that has ended is answered, and an ordinary message is none', async () => {
    expect(await handshake(changed(confirmation, { Type: 'UnsubscribeConfirmation' }))).toMatchObject({
      status: 200,
    });
    expect(await handshake(messages[0])).toBeUndefined();
  });
});
