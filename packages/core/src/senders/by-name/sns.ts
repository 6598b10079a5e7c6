import { verify } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { jsonShape, valueAt } from '@agenthook/json';

import type { Proof } from '../proofs/proof.js';
import { emptyAnswer, type Scheme, textAnswer } from '../scheme.js';

type Config = SignatureConfigOf<'sns'>;

/** SNS accepts messages of up to 256 KiB. Escapes may double them; the rest of a body is short. */
const LONGEST_BODY = 600_000;
/** A message has a dozen members, and each of its attributes three more. */
const MOST_MEMBERS = 500;

/**
 * What is signed, in this order:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMATION = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const SIGNED = new Map([
  ['Notification', NOTIFICATION],
  ['SubscriptionConfirmation', CONFIRMATION],
  ['UnsubscribeConfirmation', CONFIRMATION],
]);
const ALGORITHMS = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);
const CERTIFICATE = /^SimpleNotificationService-[0-9a-f]{32,64}\.pem$/;
/** The only request that a message can have made. */
const CONFIRM = /^\?Action=ConfirmSubscription&[\x21-\x7e]{1,2000}$/;

/** Where SNS has its certificates, and confirms subscriptions, in the region of a topic. */
function originOf(topicArn: string): string {
  const [, partition, , region = ''] = topicArn.split(':');
  return `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/`;
}

/** The texts of a message; undefined if the body is none. */
function textsOf(body: Buffer): Map<string, string> | undefined {
  if (body.length > LONGEST_BODY) return undefined;
  const json = body.toString();
  const { depth, members } = jsonShape(json);
  if (depth > 4 || members > MOST_MEMBERS) return undefined;
  try {
    const entries = Object.entries(JSON.parse(json) as object);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return undefined;
  }
}

/** The proof by the certificate of SNS, for messages of the agent's own topic. */
const byCertificate: Proof<Config> = {
  fault: async ({ headers, body }, { topic_arn }, { outside }) => {
    if (headers['x-amz-sns-rawdelivery'] === 'true')
      return 'raw message delivery is not signed; switch it off for the subscription';
    const message = textsOf(body);
    if (message === undefined) return 'the body is not a message of SNS';
    if (message.get('TopicArn') !== topic_arn) return 'TopicArn is not the topic of this agent';
    const names = SIGNED.get(message.get('Type') ?? '');
    if (names === undefined) return 'Type is not a type of SNS';
    const algorithm = ALGORITHMS.get(message.get('SignatureVersion') ?? '');
    if (algorithm === undefined) return 'SignatureVersion is neither 1 nor 2';
    const url = message.get('SigningCertURL') ?? '';
    const origin = originOf(topic_arn);
    if (!url.startsWith(origin) || !CERTIFICATE.test(url.slice(origin.length)))
      return 'SigningCertURL is not a certificate of SNS in the region of the topic';
    const lines = names.filter((name) => message.has(name)).map((name) => `${name}\n${message.get(name)}\n`);
    const signature = Buffer.from(message.get('Signature') ?? '', 'base64');
    const key = await outside.publicKeyAt(url);
    return verify(algorithm, Buffer.from(lines.join('')), key, signature)
      ? undefined
      : 'Signature does not match the message';
  },
  hides: () => ({ headers: [] }),
  isKeyless: true,
};

/**
 * Amazon SNS. https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 *
 * A message is JSON, sent as text/plain, and signed with a certificate that SNS publishes. Anyone can have
 * SNS sign messages of a topic of their own, so the agent names its topic. A subscription is confirmed by a
 * request to SNS, once the message that asks for it is proven. A retry keeps the MessageId.
 */
export const sns: Scheme<Config> = {
  docs: 'https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html',
  steps: [
    'Save the ARN of the topic here first.',
    'In the topic: Create subscription. Protocol: HTTPS. Endpoint: the webhook URL. Leave Enable raw message delivery off.',
    'AgentHook confirms the subscription. Its status is then Confirmed.',
  ],
  sample: {
    headers: {
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    },
    contentType: 'text/plain; charset=UTF-8',
    body: {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:Alarms',
      Subject: 'ALARM: "CPU high" in US East (N. Virginia)',
      Message: '{"AlarmName":"CPU high","NewStateValue":"ALARM","NewStateReason":"Threshold crossed"}',
      Timestamp: '2026-11-28T20:00:00.000Z',
    },
  },
  event: { header: 'x-amz-sns-message-type' },
  proof: byCertificate,
  reads: ['Type', 'MessageId', 'SubscribeURL'],
  handshake: async ({ payload }, { topic_arn }, _secrets, outside) => {
    const type = valueAt(payload, 'Type');
    if (type === 'UnsubscribeConfirmation') return emptyAnswer();
    if (type !== 'SubscriptionConfirmation') return undefined;
    const url = String(valueAt(payload, 'SubscribeURL'));
    const origin = originOf(topic_arn);
    const isConfirmation = url.startsWith(origin) && CONFIRM.test(url.slice(origin.length));
    return isConfirmation && (await outside.visit(url)) ? emptyAnswer() : textAnswer('not confirmed', 502);
  },
  deliveryId: ({ payload }) => valueAt(payload, 'MessageId'),
};
