import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  type HttpServer,
  type MailServer,
  redisText,
  type Stack,
  sharedStack,
  startHttpServer,
  startMailServer,
} from '../index.js';

let stack: Stack;
let receiver: HttpServer;
let mail: MailServer;
/** The status of the receiver's answers. */
let status = 200;

beforeAll(async () => {
  [stack, receiver, mail] = await Promise.all([
    sharedStack(),
    startHttpServer((_call, response) => response.writeHead(status).end('{"ok":true}')),
    startMailServer(),
  ]);
});
beforeEach(() => {
  status = 200;
  receiver.calls.length = 0;
  mail.mails.length = 0;
});
afterAll(() => Promise.all([receiver?.close(), mail?.close(), stack?.stop()]));

interface Channel {
  id: string;
  name: string;
  [field: string]: unknown;
}
interface Told {
  id: string;
  status: string;
  reason: string | null;
  attempts: { response_status: number | null; error: string | null }[];
}

const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5';
const create = (body: object) => stack.request<Channel>('POST', '/api/notify-channels', body);
const tell = async (name: string) =>
  (await stack.request<Told>('POST', `/api/notify-channels/${name}/test`)).body;
const sent = () => {
  const [{ path, body } = { path: '', body: '{}' }] = receiver.calls;
  return { path, body: JSON.parse(body) };
};

test('a channel of each type tells a test message in its own form', async () => {
  const url = `${receiver.url}/T000/hook-secret`;
  expect((await create({ name: 'slack', type: 'slack', url })).status).toBe(201);
  expect(await tell('slack')).toMatchObject({ status: 'delivered', attempts: [{ response_status: 200 }] });
  expect(sent()).toMatchObject({
    path: '/T000/hook-secret',
    body: {
      text: 'AgentHook: a test',
      blocks: [
        { type: 'header' },
        { type: 'section' },
        { type: 'actions', elements: [{ type: 'button', url: expect.stringMatching(/^http:/) }] },
      ],
    },
  });

  receiver.calls.length = 0;
  await create({ name: 'discord', type: 'discord', url });
  expect((await tell('discord')).status).toBe('delivered');
  expect(sent()).toMatchObject({
    path: '/T000/hook-secret?with_components=true',
    body: { allowed_mentions: { parse: [] }, components: [{ components: [{ style: 5 }] }] },
  });

  receiver.calls.length = 0;
  await create({ name: 'phone', type: 'telegram', token: TOKEN, chat_id: '-42', base_url: receiver.url });
  expect((await tell('phone')).status).toBe('delivered');
  // Telegram refuses buttons that lead to localhost.
  expect(sent()).toMatchObject({ path: `/bot${TOKEN}/sendMessage`, body: { chat_id: '-42' } });
  expect(sent().body.text).toContain('the notify channel "phone" works');

  const smtp_url = `smtp://ops:secret-of-smtp@127.0.0.1:${mail.port}`;
  await create({
    name: 'team',
    type: 'email',
    to: ['a@example.com', 'b@example.com'],
    from: 'ah@example.com',
    smtp_url,
  });
  expect(await tell('team')).toMatchObject({ status: 'delivered', attempts: [{ response_status: 250 }] });
  expect(mail.mails).toMatchObject([
    { from: 'ah@example.com', to: ['a@example.com', 'b@example.com'], user: 'ops' },
  ]);
  expect(mail.mails[0]?.text).toContain('Subject: AgentHook: a test');
});

test('a webhook gets signed JSON, with the secret that was shown once', async () => {
  const made = (await create({ name: 'pager', type: 'webhook', url: `${receiver.url}/pager` })).body;
  expect(made.secret).toMatch(/^whsec_/);
  const { body: shown } = await stack.request<Channel>('GET', '/api/notify-channels/pager');
  expect(shown).toMatchObject({ id: made.id, url: `${receiver.url}/pager`, secret: true });
  const told = await tell(made.id);
  const [call] = receiver.calls;
  expect(call?.headers['webhook-id']).toBe(told.id);
  expect(new Webhook(String(made.secret)).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({
    type: 'test',
    data: { channel: 'pager' },
  });
});

test('no answer, log line or stored text has a secret of a channel', async () => {
  const { body } = await stack.request<{ channels: Channel[] }>('GET', '/api/notify-channels');
  expect(body.channels.map(({ name }) => name)).toEqual(['discord', 'pager', 'phone', 'slack', 'team']);
  const stored = await redisText(stack.redisUrl);
  for (const secret of ['hook-secret', TOKEN, 'secret-of-smtp']) {
    for (const text of [JSON.stringify(body), stack.logs(), stored]) expect(text).not.toContain(secret);
  }
});

test('a test makes one attempt and says why it failed; a changed channel works again', async () => {
  status = 404;
  expect(await tell('slack')).toMatchObject({
    status: 'failed',
    reason: 'exhausted',
    attempts: [{ response_status: 404, error: 'The receiver answered 404.' }],
  });
  status = 200;
  const patched = await stack.request('PATCH', '/api/notify-channels/slack', { url: `${receiver.url}/new` });
  expect(patched.body).toMatchObject({ name: 'slack', url: true });
  expect((await tell('slack')).status).toBe('delivered');
  expect(receiver.calls.map(({ path }) => path)).toEqual(['/T000/hook-secret', '/new']);
  const log = await stack.request<{ notifications: Told[] }>(
    'GET',
    '/api/notify-channels/slack/notifications?limit=2',
  );
  expect(log.body.notifications.map((each) => each.status)).toEqual(['delivered', 'failed']);
  mail.refuse(1);
  expect(await tell('team')).toMatchObject({
    status: 'failed',
    attempts: [{ response_status: 451, error: expect.stringContaining('try again later') }],
  });
});

test('no channel reaches what egress forbids, over HTTP or SMTP', async () => {
  await create({ name: 'inner', type: 'webhook', url: 'http://169.254.169.254/latest' });
  await create({
    name: 'inner-mail',
    type: 'email',
    to: ['a@example.com'],
    from: 'b@example.com',
    smtp_url: 'smtp://10.0.0.1:25',
  });
  for (const name of ['inner', 'inner-mail'])
    expect(await tell(name)).toMatchObject({ status: 'failed', reason: 'refused' });
});

test('bad input is refused by name', async () => {
  const refused = async (body: object) => {
    const answer = await create(body);
    return [answer.status, (answer.body as unknown as { code: string; detail: string }).code];
  };
  expect(await refused({ name: 'slack', type: 'slack', url: receiver.url })).toEqual([409, 'channel_exists']);
  expect(await refused({ name: 'No spaces', type: 'slack', url: receiver.url })).toEqual([
    400,
    'invalid_request',
  ]);
  expect(await refused({ name: 'x', type: 'pigeon' })).toEqual([400, 'invalid_request']);
  expect(await refused({ name: 'x', type: 'webhook', url: receiver.url, secret: 'whsec_c2hvcnQ=' })).toEqual([
    400,
    'invalid_request',
  ]);
  const other = await stack.request<{ detail: string }>('PATCH', '/api/notify-channels/slack', {
    chat_id: '1',
  });
  expect([other.status, other.body.detail]).toEqual([
    400,
    expect.stringContaining('/chat_id is no field of a channel of type slack'),
  ]);
  expect((await stack.request('DELETE', '/api/notify-channels/inner')).status).toBe(204);
  for (const method of ['GET', 'DELETE'] as const)
    expect((await stack.request(method, '/api/notify-channels/inner')).body).toMatchObject({
      code: 'unknown_channel',
    });
});
