import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { countTasks, type RawAnswer, type Stack, sendRaw, sharedStack } from '../index.js';

const SECRET = 'a secret of the sender';
const FORM = 'application/x-www-form-urlencoded';
const now = () => Math.floor(Date.now() / 1000);
const hex = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');

let stack: Stack;
let before: number;

beforeAll(async () => {
  stack = await sharedStack();
});
beforeEach(async () => {
  before = await countTasks(stack.redisUrl);
});
const made = async () => (await countTasks(stack.redisUrl)) - before;

interface Sent {
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request byte for byte. */
function raw(
  path: string,
  { method = 'POST', query = '', headers = {}, body = '' }: Sent,
): Promise<RawAnswer> {
  const lines = [
    `${method} ${path}${query} HTTP/1.1`,
    'Host: hooks.example.com',
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(method === 'POST' ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return sendRaw(stack.url, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
}

async function pathOf(signature: object): Promise<string> {
  const { id } = await stack.createAgent({ name: 'Of a sender', signature });
  return new URL((await stack.mintWebhook(id)).webhook_url).pathname;
}
const JSON_TYPE = { 'Content-Type': 'application/json' };

test('Meta confirms a URL by its verify token; another token, another method or another agent confirms nothing', async () => {
  const path = await pathOf({ scheme: 'meta', secret: SECRET, verify_token: 'tok' });
  const ask = (token: string) => `?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`;
  const confirmed = await raw(path, { method: 'GET', query: ask('tok') });
  expect(confirmed).toMatchObject({ status: 200, body: '1158201444' });
  expect(confirmed.headers['content-type']).toContain('text/plain');
  expect(await raw(path, { method: 'GET', query: ask('other') })).toMatchObject({ status: 403 });

  const plain = new URL((await stack.mintWebhook((await stack.createAgent({ name: 'a' })).id)).webhook_url);
  const unknown = plain.pathname.replace(/.{8}$/, '00000000');
  const refused = [path, plain.pathname, unknown].map((each) => raw(each, { method: 'HEAD' }));
  const others = [plain.pathname, unknown].map((each) => raw(each, { method: 'GET', query: ask('tok') }));
  const answers = await Promise.all([...refused, ...others]);
  expect(answers.map(({ status }) => status)).toEqual([405, 405, 405, 405, 405]);
  expect(answers[3]?.body).toBe(answers[4]?.body);
  expect(await made()).toBe(0);
});

test('Discord’s PING is answered if it is signed, and refused if it is not', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const path = await pathOf({ scheme: 'discord', public_key: der.subarray(-32).toString('hex') });
  const post = (body: string, signed = body) => {
    const time = String(now());
    const proof = sign(null, Buffer.from(time + signed), privateKey).toString('hex');
    const headers = { ...JSON_TYPE, 'X-Signature-Ed25519': proof, 'X-Signature-Timestamp': time };
    return raw(path, { headers, body });
  };
  expect(await post('{"type":1}')).toMatchObject({ status: 200, body: '{"type":1}' });
  expect(await post('{"type":1}', '{"type":2}')).toMatchObject({ status: 401 });
  expect(await made()).toBe(0);
  expect(await post('{"type":2,"id":"1","data":{"name":"ask"}}')).toMatchObject({
    status: 200,
    body: '{"type":5}',
  });
  expect(await made()).toBe(1);
});

test('Slack gets an empty body for an interaction, and one task', async () => {
  const path = await pathOf({ scheme: 'slack', secret: SECRET });
  const body = 'payload=%7B%22type%22%3A%22view_submission%22%2C%22view%22%3A%7B%22id%22%3A%22V1%22%7D%7D';
  const time = String(now());
  const headers = {
    'Content-Type': FORM,
    'X-Slack-Request-Timestamp': time,
    'X-Slack-Signature': `v0=${hex(`v0:${time}:${body}`)}`,
  };
  expect(await raw(path, { headers, body })).toMatchObject({ status: 200, body: '' });
  expect(await raw(path, { headers, body: body.replace('V1', 'V2') })).toMatchObject({ status: 401 });
  expect(await made()).toBe(1);
});

test('PagerDuty may send several signatures, of which one has to match', async () => {
  const path = await pathOf({ scheme: 'pagerduty', secret: SECRET });
  const body = '{"event":{"id":"E1","event_type":"incident.triggered"},"name":"Zoë 😀"}';
  const post = (value: string) =>
    raw(path, { headers: { ...JSON_TYPE, 'X-PagerDuty-Signature': value }, body });
  const wrong = `v1=${'0'.repeat(64)}`;
  expect(await post(`${wrong},v1=${hex(body)}`)).toMatchObject({ status: 200 });
  expect(await post(`${wrong},${wrong}`)).toMatchObject({ status: 401 });
  expect(await made()).toBe(1);
});

test('GitLab’s classic token is compared as it is', async () => {
  const path = await pathOf({ scheme: 'gitlab', secret: 'tok' });
  const post = (token: string) =>
    raw(path, {
      headers: { ...JSON_TYPE, 'X-Gitlab-Token': token, 'X-Gitlab-Event': 'Push Hook' },
      body: '{"object_kind":"push"}',
    });
  expect(await post('tok')).toMatchObject({ status: 200 });
  expect(await post('tok2')).toMatchObject({ status: 401 });
  expect(await made()).toBe(1);
});

test('Twilio signs the URL by which it called, with the sorted fields, and gets TwiML', async () => {
  const path = await pathOf({ scheme: 'twilio', secret: SECRET });
  const signed = (url: string) =>
    createHmac('sha1', SECRET).update(`${url}BodyhiFrom+1555To+1666`).digest('base64');
  const post = (url: string, query = '') =>
    raw(path, {
      query,
      headers: { 'Content-Type': FORM, 'X-Twilio-Signature': signed(url) },
      body: 'Body=hi&From=%2B1555&To=%2B1666',
    });
  const answered = await post(`https://hooks.example.com${path}`);
  expect(answered).toMatchObject({
    status: 200,
    body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
  });
  expect(answered.headers['content-type']).toContain('text/xml');
  expect(await post(`https://other.example.com${path}`)).toMatchObject({ status: 401 });
  expect(await post(`https://hooks.example.com${path}`, '?a=1')).toMatchObject({ status: 401 });
  expect(await made()).toBe(1);
});

test('a secret of Standard Webhooks with its version is refused when it is saved', async () => {
  const signature = { scheme: 'standard-webhooks', secret: 'v1,whsec_c2VjcmV0' };
  const { status, body } = await stack.request<{ detail: string }>('POST', '/api/agents', {
    name: 'a',
    signature,
  });
  expect(status).toBe(400);
  expect(body.detail).toContain('paste the part after the comma, which begins with whsec_');
  expect(body.detail).not.toContain('c2VjcmV0');
});

test('GitHub’s form arrives as the JSON inside it', async () => {
  const path = await pathOf({ scheme: 'github', secret: SECRET });
  const body =
    'payload=%7B%22action%22%3A%22opened%22%2C%22issue%22%3A%7B%22title%22%3A%22It%20breaks%20%E2%80%94%20%C3%B1%22%7D%7D';
  const headers = {
    'Content-Type': FORM,
    'X-GitHub-Event': 'issues',
    'X-GitHub-Delivery': 'd1',
    'X-Hub-Signature-256': `sha256=${hex(body)}`,
  };
  const answered = await raw(path, { headers, body });
  expect(answered.status).toBe(200);
  const { task_id } = JSON.parse(answered.body);
  const trace = await stack.request<{ payload: unknown }>('GET', `/api/tasks/${task_id}`);
  expect(trace.body.payload).toEqual({ action: 'opened', issue: { title: 'It breaks — ñ' } });
});

test('Google’s event without a body is a task, whose headers say what happened', async () => {
  const headers = { 'X-Goog-Resource-State': 'sync', 'X-Goog-Channel-ID': 'ch1' };
  const answered = await raw(await pathOf({ scheme: 'google-push' }), { headers });
  expect(answered.status).toBe(200);
  const { task_id } = JSON.parse(answered.body);
  const trace = await stack.request<{ headers: object }>('GET', `/api/tasks/${task_id}`);
  expect(trace.body.headers).toMatchObject({ 'x-goog-resource-state': 'sync' });
  expect(await made()).toBe(1);
  const { id } = await stack.createAgent({ name: 'Plain' });
  const plain = new URL((await stack.mintWebhook(id)).webhook_url).pathname;
  expect(await raw(plain, { headers })).toMatchObject({ status: 400 });
  expect(await made()).toBe(1);
});
