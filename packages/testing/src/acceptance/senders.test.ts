import {
  createCipheriv,
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countTasks, type Stack, sharedStack, until } from '../index.js';

const SECRET = 'a secret of the sender';
const now = () => Math.floor(Date.now() / 1000);
const hmac = (algorithm: string, encoding: 'hex' | 'base64', ...parts: string[]) =>
  createHmac(algorithm, SECRET).update(parts.join('')).digest(encoding);

let stack: Stack;
let before: number;

beforeAll(async () => {
  stack = await sharedStack();
});
beforeEach(async () => {
  before = await countTasks(stack.redisUrl);
});
const made = async () => (await countTasks(stack.redisUrl)) - before;

async function webhookOf(signature: object): Promise<string> {
  const { id } = await stack.createAgent({ name: 'Of a sender', signature });
  return (await stack.mintWebhook(id)).webhook_url;
}

/** How senders test a URL over HTTP, and the answers that they expect: status, body, and a header. */
const TRIES: [
  title: string,
  signature: object,
  how: { method?: string; query?: string; headers?: Record<string, string>; body?: string },
  told: { status: number; body: string; type?: RegExp; header?: [name: string, value: string] },
][] = [
  [
    'Zoom, url_validation',
    { scheme: 'zoom', secret: SECRET },
    { body: '{"payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"},"event":"endpoint.url_validation"}' },
    {
      status: 200,
      type: /^application\/json/,
      body: JSON.stringify({
        plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
        encryptedToken: hmac('sha256', 'hex', 'qgg8vlvZRS6UYooatFL8Aw'),
      }),
    },
  ],
  [
    'Event Grid, SubscriptionValidation',
    { scheme: 'eventgrid' },
    {
      headers: { 'aeg-event-type': 'SubscriptionValidation' },
      body: '[{"data":{"validationCode":"512d38b6"},"eventType":"Microsoft.EventGrid.SubscriptionValidationEvent"}]',
    },
    { status: 200, type: /^application\/json/, body: '{"validationResponse":"512d38b6"}' },
  ],
  [
    'Event Grid, CloudEvents',
    { scheme: 'eventgrid' },
    { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' } },
    { status: 200, body: '', header: ['webhook-allowed-origin', 'eventgrid.azure.net'] },
  ],
  [
    'Microsoft Graph, validationToken',
    { scheme: 'graph', secret: SECRET },
    { query: '?validationToken=Validation%3a+Testing+client', headers: { 'content-type': 'text/plain' } },
    { status: 200, type: /^text\/plain/, body: 'Validation: Testing client' },
  ],
  ['Trello, HEAD', { scheme: 'trello', secret: SECRET }, { method: 'HEAD' }, { status: 200, body: '' }],
  ['Intercom, HEAD', { scheme: 'intercom', secret: SECRET }, { method: 'HEAD' }, { status: 200, body: '' }],
  [
    'Dropbox, challenge',
    { scheme: 'dropbox', secret: SECRET },
    { method: 'GET', query: '?challenge=abc123' },
    { status: 200, type: /^text\/plain/, body: 'abc123' },
  ],
  [
    'Okta, verification',
    { scheme: 'okta', secret: SECRET },
    { method: 'GET', headers: { 'X-Okta-Verification-Challenge': 'abc123' } },
    { status: 200, type: /^application\/json/, body: '{"verification":"abc123"}' },
  ],
  [
    'Asana, X-Hook-Secret',
    { scheme: 'asana' },
    { headers: { 'X-Hook-Secret': 'b537207f20cbfa02' } },
    { status: 200, body: '', header: ['x-hook-secret', 'b537207f20cbfa02'] },
  ],
  [
    'monday.com, challenge',
    { scheme: 'monday' },
    { body: '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd"}' },
    { status: 200, type: /^application\/json/, body: '{"challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmd"}' },
  ],
];

test.each(TRIES)('%s: is answered, and runs nothing', async (_title, signature, how, told) => {
  const url = await webhookOf(signature);
  const { method = 'POST', query = '', headers = {}, body } = how;
  const response = await fetch(url + query, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  expect([response.status, await response.text()]).toEqual([told.status, told.body]);
  if (told.type) expect(response.headers.get('content-type')).toMatch(told.type);
  if (told.header) expect(response.headers.get(told.header[0])).toBe(told.header[1]);
  expect(await made()).toBe(0);
});

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SPKI = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const BODY = '{"name":"Zoë","n":1}';

/** The headers that senders add to `BODY`, for a webhook URL. */
const EVENTS: Record<
  string,
  { signature: object; post: (url: string) => { headers: Record<string, string>; body?: string } }
> = {
  calendly: {
    signature: { scheme: 'calendly', secret: SECRET },
    post: () => ({
      headers: {
        'calendly-webhook-signature': `t=${now()},v1=${hmac('sha256', 'hex', `${now()}.`, BODY)}`,
      },
    }),
  },
  trello: {
    signature: { scheme: 'trello', secret: SECRET },
    post: (url) => ({ headers: { 'x-trello-webhook': hmac('sha1', 'base64', BODY, url) } }),
  },
  'hubspot, version 3': {
    signature: { scheme: 'hubspot', secret: SECRET },
    post: (url) => {
      const time = String(Date.now());
      return {
        headers: {
          'x-hubspot-signature-v3': hmac('sha256', 'base64', 'POST', url, BODY, time),
          'x-hubspot-request-timestamp': time,
        },
      };
    },
  },
  sendgrid: {
    signature: { scheme: 'sendgrid', public_key: SPKI },
    post: () => {
      const time = String(now());
      return {
        headers: {
          'x-twilio-email-event-webhook-timestamp': time,
          'x-twilio-email-event-webhook-signature': sign(
            'sha256',
            Buffer.from(time + BODY),
            privateKey,
          ).toString('base64'),
        },
      };
    },
  },
  twitch: {
    signature: { scheme: 'twitch', secret: SECRET },
    post: () => {
      const [id, time] = [randomUUID(), new Date().toISOString().replace('Z', '123456Z')];
      return {
        headers: {
          'twitch-eventsub-message-id': id,
          'twitch-eventsub-message-timestamp': time,
          'twitch-eventsub-message-type': 'notification',
          'twitch-eventsub-message-signature': `sha256=${hmac('sha256', 'hex', id, time, BODY)}`,
        },
      };
    },
  },
};

test.each(Object.entries(EVENTS))(
  '%s: an event runs the agent, a changed one does not',
  async (_name, sender) => {
    const url = await webhookOf(sender.signature);
    const { headers } = sender.post(url);
    const send = (body: string) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    expect((await send(BODY.replace('Zoë', 'Zoe'))).status).toBe(401);
    expect(await made()).toBe(0);
    const accepted = await send(BODY);
    expect(accepted.status).toBe(200);
    const { task_id } = (await accepted.json()) as { task_id: string };
    expect(await stack.poll(task_id)).toMatchObject({ status: 'SUCCESS' });
  },
);

test('Mailgun: a received mail is a form, and its fields are the proof', async () => {
  const url = await webhookOf({ scheme: 'mailgun', secret: SECRET });
  const [timestamp, token] = [String(now()), randomUUID()];
  const form = new FormData();
  for (const [name, value] of Object.entries({ timestamp, token, subject: 'Zoë', 'body-plain': 'Hello' }))
    form.append(name, value);
  expect((await fetch(url, { method: 'POST', body: form })).status).toBe(401);
  form.append('signature', hmac('sha256', 'hex', timestamp, token));
  const accepted = await fetch(url, { method: 'POST', body: form });
  expect(accepted.status).toBe(200);
  const { task_id } = (await accepted.json()) as { task_id: string };
  expect((await stack.poll(task_id)).result.answer).toContain('Zoë');
});

test('Lark: an encrypted event runs as what is in it, once, and only with its signature', async () => {
  const key = 'kudryavka';
  const url = await webhookOf({ scheme: 'lark', secret: key });
  const post = (event: object, sign = (text: string) => text) => {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
    const encrypted = Buffer.concat([iv, cipher.update(JSON.stringify(event)), cipher.final()]);
    const body = JSON.stringify({ encrypt: encrypted.toString('base64') });
    const [timestamp, nonce] = [String(now()), 'n1'];
    const signature = createHash('sha256')
      .update(sign(timestamp + nonce + key + body))
      .digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-lark-request-timestamp': timestamp,
      'x-lark-request-nonce': nonce,
      'x-lark-signature': signature,
    };
    return fetch(url, { method: 'POST', headers, body });
  };
  const challenge = await post({ type: 'url_verification', challenge: 'ajls384' }, () => '');
  expect([challenge.status, await challenge.text()]).toEqual([200, '{"challenge":"ajls384"}']);
  const event = { header: { event_id: '5e37', event_type: 'im.message.receive_v1' }, event: { text: 'Zoë' } };
  expect((await post(event, (text) => `${text} `)).status).toBe(401);
  expect(await made()).toBe(0);
  for (let time = 0; time < 2; time++) {
    const accepted = await post(event);
    expect([accepted.status, await accepted.text()]).toEqual([200, '{}']);
  }
  expect(await made()).toBe(1);
  const { body } = await stack.request<{ tasks: { task_id: string }[] }>('GET', '/api/tasks?limit=1');
  const trace = await stack.request('GET', `/api/tasks/${body.tasks[0]?.task_id}`);
  expect(trace.body.payload).toEqual(event);
});

test('Notion: its token is answered, and kept where the owner finds it', async () => {
  const { id } = await stack.createAgent({ name: 'Pages', signature: { scheme: 'notion' } });
  const { webhook_url } = await stack.mintWebhook(id);
  const body = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}';
  const headers = { 'content-type': 'application/json' };
  const answered = await fetch(webhook_url, { method: 'POST', headers, body });
  expect([answered.status, await answered.text()]).toEqual([200, '']);
  const kept = await until('it is kept', async () => {
    const path = `/api/agents/${id}/rejections`;
    const page = await stack.request<{ rejections: { code: string; body: string }[] }>('GET', path);
    return page.body.rejections[0];
  });
  expect(kept).toMatchObject({ code: 'handshake_refused', body });
  const event = await fetch(webhook_url, { method: 'POST', headers, body: '{"type":"page.created"}' });
  expect(event.status).toBe(401);
  expect(await made()).toBe(0);
});

test('Google: an event without a body runs, once for each of its numbers', async () => {
  const url = await webhookOf({ scheme: 'google-push', secret: SECRET });
  const send = async (number: number, token = SECRET) => {
    const headers = {
      'X-Goog-Channel-ID': 'ch1',
      'X-Goog-Message-Number': String(number),
      'X-Goog-Resource-State': 'exists',
      'X-Goog-Channel-Token': token,
    };
    const response = await fetch(url, { method: 'POST', headers });
    return { status: response.status, ...((await response.json()) as { task_id?: string }) };
  };
  expect(await send(10, 'another')).toMatchObject({ status: 401 });
  const first = await send(10);
  expect(first.status).toBe(200);
  expect((await send(10)).task_id).toBe(first.task_id);
  expect((await send(11)).task_id).not.toBe(first.task_id);
});

test('Google: the first message of a channel runs, unless the filter leaves it out', async () => {
  const send = async (agent: object) => {
    const { id } = await stack.createAgent({
      signature: { scheme: 'google-push', secret: SECRET },
      ...agent,
    });
    const headers = {
      'X-Goog-Channel-ID': 'ch1',
      'X-Goog-Message-Number': '1',
      'X-Goog-Resource-State': 'sync',
      'X-Goog-Channel-Token': SECRET,
    };
    const response = await fetch((await stack.mintWebhook(id)).webhook_url, { method: 'POST', headers });
    return { status: response.status, body: (await response.json()) as { task_id: string } };
  };
  const unfiltered = await send({ name: 'Every message' });
  expect(unfiltered.status).toBe(200);
  expect(await stack.poll(unfiltered.body.task_id)).toMatchObject({ status: 'SUCCESS' });
  expect(await made()).toBe(1);

  const filter = 'headers["x-goog-resource-state"] != "sync"';
  const filtered = await send({ name: 'Changes only', filter });
  expect(filtered).toEqual({ status: 200, body: { success: true, task_id: null, filtered: true } });
  expect(await made()).toBe(1);
});

test('SNS: a message of another topic, or with a certificate of someone else, is refused', async () => {
  const topic_arn = 'arn:aws:sns:us-east-1:123456789012:Alarms';
  const url = await webhookOf({ scheme: 'sns', topic_arn });
  const send = async (members: object) => {
    const message = {
      Type: 'Notification',
      MessageId: randomUUID(),
      TopicArn: topic_arn,
      Message: 'Hello',
      SignatureVersion: '1',
      Signature: 'AAAA',
      SigningCertURL: 'https://sns.us-east-1.amazonaws.com/other.pem',
      ...members,
    };
    const headers = { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
    return { status: response.status, ...((await response.json()) as { detail: string }) };
  };
  expect(await send({ TopicArn: `${topic_arn}2` })).toMatchObject({
    status: 401,
    detail: expect.stringContaining('TopicArn is not the topic of this agent'),
  });
  expect(await send({})).toMatchObject({ status: 401, detail: expect.stringContaining('SigningCertURL') });
  expect(await made()).toBe(0);
});
