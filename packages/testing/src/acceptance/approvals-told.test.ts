import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  type HttpServer,
  type MailServer,
  type Stack,
  startHttpServer,
  startMailServer,
  startStack,
  until,
} from '../index.js';

let stack: Stack;
let receiver: HttpServer;
let mail: MailServer;
/** How many of the next requests are received, but not answered. */
let broken = 0;

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 123').toString('base64')}`;

beforeAll(async () => {
  [stack, receiver, mail] = await Promise.all([
    // Of its own, because an emptied database forgets the URL of the api until its next heartbeat.
    startStack({ env: { EGRESS_ALLOW: '127.0.0.1' } }),
    startHttpServer((_call, response) =>
      broken-- > 0 ? void response.socket?.destroy() : response.writeHead(200).end('ok'),
    ),
    startMailServer(),
  ]);
  const channels = [
    { name: 'slack', type: 'slack', url: `${receiver.url}/slack` },
    {
      ...{ name: 'team', type: 'email', to: ['a@example.com'], from: 'b@example.com' },
      smtp_url: `smtp://127.0.0.1:${mail.port}`,
    },
  ];
  for (const channel of channels) await stack.request('POST', '/api/notify-channels', channel);
});
beforeEach(() => {
  broken = 0;
  receiver.calls.length = 0;
  mail.mails.length = 0;
});
afterAll(() => Promise.all([receiver?.close(), mail?.close(), stack?.stop()]));

const calls = (path: string) => receiver.calls.filter((call) => call.path === path);
const first = (path: string) => until(`${path} is told`, () => calls(path)[0], { timeoutMs: 30_000 });

/** Runs an agent whose tool needs approval with these arguments. */
async function ask(args: object, fields: object = {}, tool: object = {}) {
  const agent = await stack.createAgent({
    name: 'Refunds',
    sandbox_tools: true,
    tools: [
      {
        ...{
          type: 'http',
          name: 'refund',
          method: 'POST',
          url: `${receiver.url}/refund`,
          approval: 'always',
        },
        parameters: { type: 'object', properties: {}, additionalProperties: true },
        ...tool,
      },
    ],
    ...fields,
  });
  const { token } = await stack.mintWebhook(agent.id);
  const steps = [{ tool: { name: 'refund', arguments: args } }];
  return (await stack.trigger(token, { sandbox: { steps, reply: 'done' } })).body.task_id;
}

test('people are told with the tool, the shortened arguments and a link that decides', async () => {
  const task_id = await ask({ note: `<!channel> ${'x'.repeat(5_000)} end` }, { notify: ['slack', 'team'] });
  const { body } = await first('/slack');
  const { text, blocks } = JSON.parse(body);
  expect(text).toBe('Approval needed: refund');
  expect(body).toContain('Refunds');
  expect(body).not.toContain('<!channel>');
  expect(body.length).toBeLessThan(4_000);
  const url = blocks.at(-1).elements[0].url;
  await until('the mail is there', () => mail.mails.length === 1, { timeoutMs: 30_000 });
  expect(mail.mails[0]?.text).toContain('Subject: Approval needed: refund');
  // A preview of the link decides nothing.
  expect((await fetch(url)).status).toBe(200);
  expect((await stack.status(task_id)).body).toMatchObject({ waiting_for: { kind: 'approval' } });
  const decided = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"decision":"approve"}',
  });
  expect(decided.status).toBe(200);
  expect((await stack.poll(task_id)).status).toBe('SUCCESS');
  expect(calls('/slack')).toHaveLength(1);
});

test('a message that may have arrived is told again, and says so', async () => {
  broken = 1;
  await ask({}, { notify: ['slack'] });
  await until('it is told again', () => calls('/slack').length === 2, { timeoutMs: 30_000 });
  const [before, again] = calls('/slack').map(({ body }) => body);
  expect(before).not.toContain('You may have got this message before');
  expect(again).toContain('You may have got this message before');
}, 60_000);

test('a tool names its own channels, and the callback gets a signed event as far as it may see', async () => {
  const callback = { url: `${receiver.url}/callback`, secret: SECRET };
  const fields = { notify: ['team'], callback, public_result: 'answer' };
  const task_id = await ask({ amount: 5 }, fields, { notify: ['slack'] });
  const [call] = await Promise.all([first('/callback'), first('/slack')]);
  const event = new Webhook(SECRET).verify(call.body, call.headers) as { type: string; data: object };
  expect(event).toMatchObject({
    type: 'task.action_required',
    data: { task_id, tool: 'refund', kind: 'approval' },
  });
  expect(event.data).not.toHaveProperty('arguments');
  expect(mail.mails).toEqual([]);
  const log = await stack.request<{ callbacks: { id: string; type: string }[] }>(
    'GET',
    `/api/agents/${(event.data as { agent_id: string }).agent_id}/callbacks`,
  );
  expect(log.body.callbacks).toMatchObject([{ type: 'task.action_required', status: 'delivered' }]);
  const { id, ...rest } = log.body.callbacks[0] as { id: string; type: string; agent_id: string };
  const request = await stack.request('GET', `/api/agents/${rest.agent_id}/callbacks/${id}/request`);
  expect(request.body).toMatchObject({ body: null });
  await stack.request('POST', `/api/tasks/${task_id}/cancel`);
});

test('a channel that no longer exists keeps no agent from being saved, a new name does', async () => {
  await stack.request('POST', '/api/notify-channels', { name: 'gone', type: 'slack', url: receiver.url });
  const agent = await stack.createAgent({ name: 'Keeps', notify: ['gone'] });
  await stack.request('DELETE', '/api/notify-channels/gone');
  const save = (body: object) => stack.request('PATCH', `/api/agents/${agent.id}`, body);
  expect((await save({ description: 'changed' })).status).toBe(200);
  expect((await save({ notify: ['gone', 'slack'] })).status).toBe(200);
  const refused = await save({ notify: ['nowhere'] });
  expect([refused.status, refused.body]).toEqual([
    400,
    expect.objectContaining({
      code: 'invalid_request',
      errors: [{ path: '/notify/0', message: 'names no notify channel: there is no "nowhere"' }],
    }),
  ]);
});
